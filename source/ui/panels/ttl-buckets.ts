/** Keys whose TTL is up to a label: `10s`. */
type Bucket = {readonly label: string; readonly count: number};

/**
 * Merges the shortest buckets into one, so that there are at most as many as rows. Which ones depends on the number of
 * rows only, so that no row moves.
 */
export function condenseBuckets<Item extends Bucket>(buckets: readonly Item[], rows: number): readonly Item[] {
	const surplus = buckets.length - Math.max(1, rows);
	if (surplus <= 0) return buckets;
	const merged = buckets.slice(0, surplus + 1);
	const last = merged.at(-1);
	if (!last) return buckets;
	const count = merged.reduce((total, bucket) => total + bucket.count, 0);
	return [{...last, count}, ...buckets.slice(surplus + 1)];
}

/** `≤ 10 s` for the label `10s`, and the label itself for one without an end: `more`. */
export const ttlLabel = (label: string): string =>
	/^\d+[a-z]$/.test(label) ? `≤ ${label.replace(/(\d)m$/, '$1 min').replace(/(\d)([a-z])$/, '$1 $2')}` : label;
