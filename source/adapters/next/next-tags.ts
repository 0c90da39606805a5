import {createHash} from 'node:crypto';
import {usableKey} from '../usable-name.js';

/** Maximum number of tags of an entry of a cache. Next.js allows 128. */
const maxTags = 64;

/** The bucket of a tag: one of 64 tags, each of which stands for many tags of Next.js. */
const bucketOf = (tag: string): string => `bucket:${(createHash('sha256').update(tag).digest()[0] ?? 0) % maxTags}`;

/** The tags of an entry, or their buckets if there are too many. By its buckets, other tags invalidate the entry as well. */
export const tagsToStore = (tags: readonly string[]): readonly string[] => {
	const names = [...new Set(tags)];
	return names.length <= maxTags ? names.map(usableKey) : [...new Set(names.map(bucketOf))];
};

/** The tags to invalidate, in groups for one call each. */
export const tagsToInvalidate = (tags: readonly string[]): readonly (readonly string[])[] => {
	const names = [...new Set(tags.flatMap((tag) => [usableKey(tag), bucketOf(tag)]))];
	const groups: string[][] = [];
	for (let at = 0; at < names.length; at += maxTags) groups.push(names.slice(at, at + maxTags));
	return groups;
};
