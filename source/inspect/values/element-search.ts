import {literalGlob} from '../keys/scan.js';

const hasWildcards = (match: string) => /[*?[\]]/.test(match);

/** The text that a person looks for, as a glob of Redis: without wildcards it may stand anywhere. */
export const globOf = (match: string): string => (hasWildcards(match) ? match : `*${literalGlob(match)}*`);

/** True for texts that a search finds, where Redis has no command that searches. */
export function matcher(match: string | undefined): (text: string) => boolean {
	if (match === undefined) return () => true;
	if (!hasWildcards(match)) return (text) => text.includes(match);
	const source = match
		.replaceAll(/[\\^$.+(){}|[\]]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	const pattern = new RegExp(`^${source}$`, 's');
	return (text) => pattern.test(text);
}
