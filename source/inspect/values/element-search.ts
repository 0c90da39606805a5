import {literalGlob} from '../keys/scan.js';

const hasWildcards = (match: string) => /[*?[\]]/.test(match);

/** The searched text as a Redis glob: without wildcards it matches anywhere. */
export const globOf = (match: string): string => (hasWildcards(match) ? match : `*${literalGlob(match)}*`);

/** True for texts that a search finds, where Redis has no command that searches. */
export function matcher(match: string | undefined): (text: string) => boolean {
	if (match === undefined) return () => true;
	if (!hasWildcards(match)) return (text) => text.includes(match);
	try {
		const pattern = new RegExp(`^${sourceOf(match)}$`, 's');
		return (text) => pattern.test(text);
	} catch {
		// `[z-a]` is a pattern for Redis alone.
		return (text) => text.includes(match);
	}
}

/** A glob of Redis as the source of a regular expression. */
function sourceOf(glob: string): string {
	const part = /\\(.)|(\*)|(\?)|\[(\^?)((?:\\.|[^\]\\])*)\]|([\s\S])/g;
	return glob.replaceAll(part, (_, escaped, star, any, not, chars, other) => {
		if (star) return '.*';
		if (any) return '.';
		if (chars !== undefined) return `[${not}${chars.replaceAll('[', '\\[')}]`;
		return (escaped ?? other).replace(/[\\^$.*+?(){}|[\]]/, '\\$&');
	});
}
