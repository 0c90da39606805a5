import {formatElapsed} from '../../../text/duration.js';
import {formatCount, formatCountOf, formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {isRanked, type KeysState} from '../../state/keys/keys-state.js';
import {type Row, type Span, span} from '../../text/row.js';

/** `340,000 of 1,000,000`. The scan's count is approximate, so it is limited to the total. */
function visited({scan: {scanned, total}, cursor}: KeysState): string {
	if (total === undefined) return formatCount(scanned);
	const shown = cursor === undefined ? total : Math.min(scanned, total);
	return `${formatCount(shown)} of ${formatCount(total)}`;
}

/** Keys visited in a second; undefined before the first page. */
function rateOf({scan: {scanned, tookMs}}: KeysState): number | undefined {
	return tookMs > 0 ? (scanned * 1000) / tookMs : undefined;
}

/** Rows on the progress of a scan, which visits more keys than it lists. */
const isSearch = ({pattern, sort}: KeysState) => pattern !== '*' || isRanked(sort);

/** The number of rows found, for the title: `12 found`, `200 largest`. */
function foundWords({rows, sort, pattern}: KeysState): string {
	const all = formatCount(rows.length);
	if (sort === 'size') return `${all} largest`;
	if (sort === 'ttl') return `${all} that expire first`;
	return pattern === '*' ? `${all} loaded` : `${all} found`;
}

/**
 * The number of keys listed, and how far the scan for them is, from the longest wording to the shortest. `loadedAgo`:
 * `12 s`.
 */
export function scanNotes(keys: KeysState, loadedAgo: string): readonly Row[] {
	const {load, marked, sort, scan} = keys;
	const marks: Row = marked.size > 0 ? [span(`${formatCount(marked.size)} marked  `, 'warn')] : [];
	const found = foundWords(keys);
	const seen = `${visited(keys)} scanned`;
	switch (load.kind) {
		case 'loading': {
			if (scan.scanned === 0) return [[...marks, span('loading', 'warn')]];
			const rate = `${formatShortCount(rateOf(keys))}/s`;
			return [
				[...marks, span(`${found}, ${seen}, ${rate}; n pauses`, 'warn')],
				[...marks, span(`${found}, ${seen}`, 'warn')],
				[...marks, span(seen, 'warn')],
			];
		}
		case 'paused':
			return [
				[...marks, span(`${found}, ${seen}, paused; n continues`, 'warn')],
				[...marks, span(`${found}, paused; n continues`, 'warn')],
				[...marks, span('paused', 'warn')],
			];
		case 'loaded':
			return [...loadedNotes(keys, found, seen, loadedAgo)].map((row) => [...marks, ...row]);
		case 'asking':
			return [[...marks, span(`by ${sort}: only the loaded keys`, 'warn')]];
		default:
			return [marks];
	}
}

function loadedNotes(keys: KeysState, found: string, seen: string, loadedAgo: string): readonly Row[] {
	const {cursor, sort} = keys;
	const more = cursor === undefined ? '' : '; n for more';
	const sorted: Row = sort === 'name' ? [span(`  by ${sort}`, 'accent')] : [];
	const ago = span(`  ${loadedAgo} ago`, 'dim');
	if (!isSearch(keys))
		return [
			[span(`${found}${more}`, 'dim'), ...sorted, ago],
			[span(found, 'dim'), ...sorted, ago],
			[span(`${formatCount(keys.rows.length)}${more === '' ? '' : '+'}`, 'dim'), ...sorted],
		];
	return [
		[span(`${found}, ${seen}${more}`, 'dim'), ...sorted, ago],
		[span(`${found}, ${seen}${more}`, 'dim'), ...sorted],
		[span(`${found}${more}`, 'dim')],
	];
}

/**
 * The text in place of an empty list. A key counts as absent only after every key has been visited.
 *
 * @param isPartial True if a node of the cluster does not answer.
 */
export function emptyListWords(keys: KeysState, isPartial: boolean): Span {
	const {cursor, load, pattern} = keys;
	const name = printable(pattern);
	if (load.kind === 'failed') return span(printable(load.message), 'bad');
	if (load.kind === 'loaded' && cursor === undefined) {
		const where = isPartial ? ' on the nodes that answer' : '';
		if (pattern !== '*') return span(`no key matches ${name}${where}`, 'dim');
		return span(isPartial ? `no keys${where}` : 'this database has no keys', 'dim');
	}
	if (keys.scan.scanned === 0 || pattern === '*') return span('loading the keys', 'dim');
	return span(`no match for ${name} yet in ${visited(keys)} keys`, 'dim');
}

/** Keys a second: the limit for scans, and the rate that one has reached, if known. */
type ScanSpeed = {readonly scanRate: number; readonly reached: number | undefined};

/** The question before a large keyspace is scanned. The limit alone does not show how long that takes. */
export function scanQuestion({load, sort}: KeysState, total: number | undefined, speed: ScanSpeed): Row | undefined {
	if (load.kind !== 'asking') return undefined;
	const {scanRate, reached = Number.POSITIVE_INFINITY} = speed;
	const isSlower = reached < scanRate;
	const all = total === undefined ? 'all keys' : `all ${formatCountOf(total, 'key')}`;
	const isKnown = speed.reached !== undefined;
	const time =
		total === undefined
			? ''
			: `, ${isKnown ? 'about' : 'at least'} ${formatElapsed((total / Math.min(scanRate, reached)) * 1000)}`;
	const rate = isSlower
		? `at ${formatShortCount(Math.round(reached))}/s as before`
		: `at ${formatShortCount(scanRate)}/s (--scan-rate)`;
	return [span('n', 'keystroke'), span(` scans ${all} for the order by ${sort}${time} ${rate}`, 'warn')];
}
