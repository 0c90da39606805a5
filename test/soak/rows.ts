/** A cached row of the origin. Its key tells the namespace and the tags of its entry. */
export type RowKey = {
	readonly index: number;
	readonly name: string;
	readonly namespace: string;
	readonly tags: readonly string[];
	/** True if it is changed only by deletes and invalidations; others are also set. */
	readonly aside: boolean;
};

export const namespaces = ['default', 'other'] as const;
export const tags = ['red', 'blue', 'green'] as const;

const tagSets = [[], ['red'], ['red', 'blue'], [], ['green']] as const;

/** Rows whose indices have the same remainder have the same namespace and tags. */
export const shapes = 10;

/** Few enough that calls meet, and enough that a value that came back has time to be seen. */
export const rowKeys: readonly RowKey[] = Array.from({length: 60}, (_, index) => ({
	index,
	name: `row${index}`,
	namespace: namespaces[index % 2] as string,
	tags: tagSets[index % 5] as readonly string[],
	aside: index % 20 < 10,
}));

/** Rows that are used more often, so that calls of several caches meet. */
export const hotRows = rowKeys.filter(({index}) => index >= 8 && index < 14);

/** The cached value of a row: the change that it shows, and how it was stored. */
export type RowValue = {readonly version: number; readonly by: 'set' | 'load'; readonly padding: string};

/** Every fourth version means that the row does not exist. */
export const isThere = (version: number): boolean => version % 4 !== 3;
