import {parseKey} from '../escape-bytes.js';
import {missingIn, type Sender} from '../sender.js';
import {describeKeys, type KeyRow, unknownType} from './describe-keys.js';
import {describedStep} from './described-steps.js';
import {isFiltered, type ScanOptions, stepCount} from './scan.js';
import {scanCount} from './scan-pace.js';
import {keyTotal, type ScanProgress} from './scan-progress.js';

type KeyPageOptions = Omit<ScanOptions, 'count'> & {
	/** `cursor` of the previous page. Default `'0'`, the start. */
	readonly cursor?: string | undefined;
	/** Rows after which to stop, 1 to 1000. Default 200. A page may have up to one SCAN step more. */
	readonly rows?: number;
	/** Time limit in milliseconds. The rows found until then are returned. Default 100. */
	readonly budgetMs?: number;
	readonly signal?: AbortSignal;
};

/** One page of keys, and the progress of the scan. */
export type KeyPage = ScanProgress & {
	readonly rows: readonly KeyRow[];
};

/**
 * Reads one page of keys with type, TTL and size. With a rare pattern in a large keyspace, the time limit is reached first, and
 * the page has few rows or none, so that a screen can show progress and a person can stop the scan.
 *
 * The first page begins with the key whose name is the pattern itself, if there is one, before the scan finds it. A pattern
 * without wildcards can match no other key, so no scan is needed.
 */
export async function keyPage(sender: Sender, options: KeyPageOptions = {}): Promise<KeyPage> {
	const startedAt = performance.now();
	const wanted = Math.min(1000, Math.max(1, options.rows ?? 200));
	const until = startedAt + (options.budgetMs ?? 100);
	const {pattern} = options;
	const isWide = isFiltered(pattern) || options.type !== undefined;
	const count = stepCount({...options, count: isWide ? scanCount : Math.min(scanCount, wanted)});
	options.signal?.throwIfAborted();
	const total = keyTotal(sender);
	const rows = new Map<string, KeyRow>();
	const page = async (cursor: string, scanned: number): Promise<KeyPage> => ({
		rows: [...rows.values()],
		cursor: cursor === '0' ? undefined : cursor,
		scanned,
		total: await total,
		tookMs: performance.now() - startedAt,
		...missingIn(sender),
	});
	let cursor = options.cursor ?? '0';
	if (isFiltered(pattern) && cursor === '0') {
		const {names, isLiteral} = namesMeant(pattern);
		const meant = await describeKeys(sender, names);
		// It is unknown if a key that cannot be read exists.
		const known = meant.filter(({type}) => type !== unknownType);
		for (const row of known) if (options.type === undefined || row.type === options.type) rows.set(row.key, row);
		if (isLiteral && known.length === meant.length) return page('0', rows.size);
	}
	let scanned = 0;
	do {
		options.signal?.throwIfAborted();
		const step = await describedStep(sender, cursor, {...options, count, mayGrow: isWide});
		cursor = step.cursor;
		scanned += isWide ? step.visited : Math.max(step.found, 1);
		for (const row of step.rows) rows.set(row.key, row);
	} while (cursor !== '0' && rows.size < wanted && performance.now() < until);
	return page(cursor, scanned);
}

/**
 * The names that a person may mean by a pattern: the unchanged pattern, since names may contain `*` and `[`, and the pattern
 * without its outer stars.
 */
function namesMeant(pattern: string): {readonly names: readonly Buffer[]; readonly isLiteral: boolean} {
	const text = parseKey(pattern).toString('latin1');
	const isLiteral = !/[*?[\\]/.test(text);
	const inner = text.replace(/^\*+/, '').replace(/\*+$/, '');
	const names = new Set([text, inner.replaceAll(/\\(.)/gs, '$1')]);
	names.delete('');
	return {names: [...names].map((name) => Buffer.from(name, 'latin1')), isLiteral};
}
