import type {KeyRow} from './describe-keys.js';
import {describedSteps} from './described-steps.js';
import type {Sender} from './sender.js';

/** `size`: largest first. `ttl`: those that go first, first; those that do not expire last. */
export type KeyRank = 'size' | 'ttl';

export type RankedKeysOptions = {
	readonly by: KeyRank;
	readonly pattern?: string | undefined;
	readonly cursor?: string | undefined;
	/** Rows kept. Default 200. */
	readonly rows?: number;
	/** Milliseconds after which to stop with what there is. Default 250. */
	readonly budgetMs?: number;
};

/** The first of all keys looked at in one stretch of the keyspace. */
export type RankedKeys = {
	readonly by: KeyRank;
	readonly rows: readonly KeyRow[];
	/** Keys looked at in this stretch. */
	readonly scanned: number;
	/** For the next stretch; undefined: everything was seen. */
	readonly cursor: string | undefined;
};

const comparers: Readonly<Record<KeyRank, (left: KeyRow, right: KeyRow) => number>> = {
	size: (left, right) => (right.bytes ?? -1) - (left.bytes ?? -1),
	ttl: (left, right) => (left.ttlMs ?? Number.MAX_VALUE) - (right.ttlMs ?? Number.MAX_VALUE),
};

const defaultRows = 200;

function best(rows: readonly KeyRow[], by: KeyRank, limit: number): KeyRow[] {
	// A scan may return a key twice.
	const unique = new Map(rows.map((row) => [row.key, row]));
	return [...unique.values()].sort(comparers[by]).slice(0, limit);
}

/** Looks at as many keys as the budget allows, and keeps those that rank first. */
export async function rankedKeys(sender: Sender, options: RankedKeysOptions): Promise<RankedKeys> {
	const {by, pattern, rows: limit = defaultRows, budgetMs = 250} = options;
	const until = performance.now() + budgetMs;
	let cursor = '0';
	let kept: KeyRow[] = [];
	let scanned = 0;
	for await (const step of describedSteps(sender, {pattern, cursor: options.cursor})) {
		cursor = step.cursor;
		scanned += step.found;
		kept = best([...kept, ...step.rows], by, limit);
		if (performance.now() >= until) break;
	}
	return {by, rows: kept, scanned, cursor: cursor === '0' ? undefined : cursor};
}

/** Two stretches of the same keyspace as one. */
export function mergeRankedKeys(before: RankedKeys, after: RankedKeys, limit = defaultRows): RankedKeys {
	return {
		by: after.by,
		rows: best([...before.rows, ...after.rows], after.by, limit),
		scanned: before.scanned + after.scanned,
		cursor: after.cursor,
	};
}
