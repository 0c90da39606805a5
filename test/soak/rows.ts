/** A row of the origin that is cached: which namespace and tags its entry has is part of its key. */
export type RowKey = {
	readonly index: number;
	readonly name: string;
	readonly namespace: string;
	readonly tags: readonly string[];
	/** Changed only by deletes and invalidations; others are also set. */
	readonly aside: boolean;
};

export const namespaces = ['default', 'other'] as const;
export const tags = ['red', 'blue', 'green'] as const;

const tagSets = [[], ['red'], ['red', 'blue'], [], ['green']] as const;

/** Rows whose indices have the same remainder have the same namespace and tags. */
export const shapes = 10;

/** Few enough to be met again, enough to be left alone for a while: what came back must have time to be seen. */
export const rowKeys: readonly RowKey[] = Array.from({length: 60}, (_, index) => ({
	index,
	name: `row${index}`,
	namespace: namespaces[index % 2] as string,
	tags: tagSets[index % 5] as readonly string[],
	aside: index % 20 < 10,
}));

/** Rows that are met more often than others: where calls of several caches meet. */
export const hotRows = rowKeys.filter(({index}) => index >= 8 && index < 14);

/** What is cached of a row: enough to know which change it shows, and how it came here. */
export type RowValue = {readonly version: number; readonly by: 'set' | 'load'; readonly padding: string};

/** In every fourth version there is no such row. */
export const isThere = (version: number): boolean => version % 4 !== 3;
