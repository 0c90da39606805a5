import {literalGlob} from '../keys/scan.js';

const hasWildcards = (match: string) => /[*?[\]]/.test(match);

/** The Redis glob for a search text. A text without wildcards matches anywhere. */
export const globOf = (match: string): string => (hasWildcards(match) ? match : `*${literalGlob(match)}*`);

/** Returns a function that is true for matching texts, for searches that Redis has no command for. */
export function matcher(match: string | undefined): (text: string) => boolean {
	if (match === undefined) return () => true;
	if (!hasWildcards(match)) return (text) => text.includes(match);
	try {
		const pattern = new RegExp(`^${sourceOf(match)}$`, 's');
		return (text) => pattern.test(text);
	} catch {
		// `[z-a]` is valid in Redis, but not in a regular expression.
		return (text) => text.includes(match);
	}
}

/** Converts a Redis glob to the source of a regular expression. */
function sourceOf(glob: string): string {
	const part = /\\(.)|(\*)|(\?)|\[(\^?)((?:\\.|[^\]\\])*)\]|([\s\S])/g;
	return glob.replaceAll(part, (_, escaped, star, any, not, chars, other) => {
		if (star) return '.*';
		if (any) return '.';
		if (chars !== undefined) return `[${not}${chars.replaceAll('[', '\\[')}]`;
		return (escaped ?? other).replace(/[\\^$.*+?(){}|[\]]/, '\\$&');
	});
}
