import type {Sender} from '../sender.js';
import {describeKeys, type KeyRow} from './describe-keys.js';
import {type ScanOptions, scanCount, scanStep} from './scan.js';

type KeyPageOptions = Omit<ScanOptions, 'count'> & {
	/** Where the previous page ended. Default `'0'`, the start. */
	readonly cursor?: string;
	/** Rows after which to stop, 1 to 1000. Default 200. A page may have up to one SCAN step more. */
	readonly rows?: number;
	/** Milliseconds after which to stop with the rows found so far. Default 100. */
	readonly budgetMs?: number;
	readonly signal?: AbortSignal;
};

export type KeyPage = {
	readonly rows: readonly KeyRow[];
	/** Where the next page starts; `undefined` after the last one. */
	readonly cursor: string | undefined;
	/** Approximate number of keys visited to find these rows. */
	readonly scanned: number;
};

/**
 * Reads one page of keys with type, TTL and size. With a rare pattern in a large keyspace the time runs out first, and
 * the page has few rows or none, so that a screen can show progress and a person can stop.
 */
export async function keyPage(sender: Sender, options: KeyPageOptions = {}): Promise<KeyPage> {
	const wanted = Math.min(1000, Math.max(1, options.rows ?? 200));
	const until = performance.now() + (options.budgetMs ?? 100);
	const filtered = options.pattern !== undefined && options.pattern !== '*' && options.pattern !== '';
	const count = filtered || options.type !== undefined ? scanCount : Math.min(scanCount, wanted);
	const rows = new Map<string, KeyRow>();
	let cursor = options.cursor ?? '0';
	let scanned = 0;
	do {
		options.signal?.throwIfAborted();
		const step = await scanStep(sender, cursor, {...options, count});
		cursor = step.cursor;
		scanned += filtered ? count : Math.max(step.keys.length, 1);
		for (const row of await describeKeys(sender, step.keys)) rows.set(row.key, row);
	} while (cursor !== '0' && rows.size < wanted && performance.now() < until);
	return {rows: [...rows.values()], cursor: cursor === '0' ? undefined : cursor, scanned};
}
