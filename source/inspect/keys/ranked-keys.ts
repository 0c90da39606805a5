import {missingIn, type Sender} from '../sender.js';
import type {KeyRow} from './describe-keys.js';
import {describedSteps} from './described-steps.js';
import {isFiltered} from './scan.js';
import type {ScanPace} from './scan-pace.js';
import {keyTotal, type ScanProgress} from './scan-progress.js';

/** `size`: largest first. `ttl`: those that expire next first, those that never expire last. */
export type KeyRank = 'size' | 'ttl';

type RankedKeysOptions = {
	readonly by: KeyRank;
	readonly pattern?: string | undefined;
	readonly cursor?: string | undefined;
	/** Number of rows to return. Default 200. */
	readonly rows?: number;
	/** Time limit in milliseconds. What was found until then is returned. Default 250. */
	readonly budgetMs?: number;
	/** Limits the rate of steps. Default: no limit. */
	readonly pace?: ScanPace;
};

/** The top keys of a part of the keyspace, and the progress of the scan. */
export type RankedKeys = ScanProgress & {
	readonly by: KeyRank;
	readonly rows: readonly KeyRow[];
};

const comparers: Readonly<Record<KeyRank, (left: KeyRow, right: KeyRow) => number>> = {
	size: (left, right) => (right.bytes ?? -1) - (left.bytes ?? -1),
	ttl: (left, right) => (left.ttlMs ?? Number.MAX_VALUE) - (right.ttlMs ?? Number.MAX_VALUE),
};

const defaultRows = 200;

/**
 * Number of rows that are collected before they are sorted, as a multiple of those wanted: sorting in each step would cost as
 * much as reading.
 */
const gathered = 8;

function best(rows: readonly KeyRow[], by: KeyRank, limit: number): KeyRow[] {
	// A scan may return a key twice.
	const unique = new Map(rows.map((row) => [row.key, row]));
	return [...unique.values()].sort(comparers[by]).slice(0, limit);
}

/** Visits as many keys as the budget allows, and keeps those that rank first. */
export async function rankedKeys(sender: Sender, options: RankedKeysOptions): Promise<RankedKeys> {
	const {by, pattern, pace, rows: limit = defaultRows, budgetMs = 250} = options;
	const startedAt = performance.now();
	const until = startedAt + budgetMs;
	const total = keyTotal(sender);
	const mayGrow = isFiltered(pattern);
	let cursor = '0';
	let kept: KeyRow[] = [];
	let scanned = 0;
	for await (const step of describedSteps(sender, {pattern, pace, cursor: options.cursor, mayGrow})) {
		cursor = step.cursor;
		scanned += mayGrow ? step.visited : step.found;
		kept.push(...step.rows);
		if (kept.length > limit * gathered) kept = best(kept, by, limit);
		if (performance.now() >= until) break;
	}
	return {
		by,
		rows: best(kept, by, limit),
		scanned,
		total: await total,
		tookMs: performance.now() - startedAt,
		cursor: cursor === '0' ? undefined : cursor,
		...missingIn(sender),
	};
}
