import {createHash} from 'node:crypto';
import {usableKey} from '../usable-name.js';

/** An entry of a cache can have so many tags; Next.js allows 128. */
const maxTags = 64;

/** One of 64 tags that each represent many tags of Next.js. */
const bucketOf = (tag: string): string => `bucket:${(createHash('sha256').update(tag).digest()[0] ?? 0) % maxTags}`;

/** The tags of an entry. Where there are too many, their buckets: it is invalidated with more tags than its own. */
export const tagsToStore = (tags: readonly string[]): readonly string[] => {
	const names = [...new Set(tags)];
	return names.length <= maxTags ? names.map(usableKey) : [...new Set(names.map(bucketOf))];
};

/** The tags to invalidate, in groups of as many as one call takes. */
export const tagsToInvalidate = (tags: readonly string[]): readonly (readonly string[])[] => {
	const names = [...new Set(tags.flatMap((tag) => [usableKey(tag), bucketOf(tag)]))];
	const groups: string[][] = [];
	for (let at = 0; at < names.length; at += maxTags) groups.push(names.slice(at, at + maxTags));
	return groups;
};
