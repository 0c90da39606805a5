import {useCallback, useMemo} from 'react';
import type {KeyRow} from '../../../inspect/keys/describe-keys.js';
import {formatAge, formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {filterRow} from '../../rows/filter-row.js';
import {isRanked, type KeysState} from '../../state/keys/keys-state.js';
import {type Column, tableRows} from '../../text/columns.js';
import {type Row, span} from '../../text/row.js';

function columnsOf(
	marked: ReadonlySet<string>,
	sort: KeysState['sort'],
	mark: string,
	down: string,
): readonly Column<KeyRow>[] {
	const title = (name: string, order: KeysState['sort']) => (sort === order ? `${name} ${down}` : name);
	return [
		{title: '', width: 1, priority: 0, cell: (row) => span(marked.has(row.key) ? mark : ' ', 'warn')},
		{title: title('key', 'name'), width: 20, priority: 0, grows: true, cell: (row) => span(printable(row.key))},
		{title: 'type', width: 6, priority: 2, cell: (row) => span(printable(row.type), 'accent')},
		{
			title: title('TTL', 'ttl'),
			width: 8,
			align: 'right',
			priority: 1,
			cell: ({ttlMs}) => (ttlMs === undefined ? span('no TTL', 'dim') : span(formatElapsed(ttlMs))),
		},
		{
			title: title('size', 'size'),
			width: 8,
			align: 'right',
			priority: 1,
			cell: (row) => (row.bytes === undefined ? span('-', 'dim') : span(formatBytes(row.bytes))),
		},
	];
}

/** The number of keys listed, of those there are, from the longest wording to the shortest. `loadedAgo`: `12 s`. */
function notesOf(keys: KeysState, loadedAgo: string): readonly Row[] {
	const {load, marked, rows, scanned, sort} = keys;
	const hasMore = keys.cursor !== undefined;
	const marks: Row = marked.size > 0 ? [span(`${formatCount(marked.size)} marked  `, 'warn')] : [];
	const scannedWords = `of ${formatCount(scanned)} scanned`;
	if (load.kind === 'loading')
		return [[...marks, span(isRanked(sort) && scanned > 0 ? scannedWords : 'loading', 'warn')]];
	if (load.kind !== 'loaded') return [marks];
	const all = formatCount(rows.length);
	if (isRanked(sort)) {
		const first = `${all} ${sort === 'size' ? 'largest' : 'that expire first'} ${scannedWords}`;
		return [
			[...marks, span(hasMore ? `${first}; n for more` : first, 'dim')],
			[...marks, span(scannedWords, 'dim')],
		];
	}
	const sorted: Row = sort === 'found' ? [] : [span(`  by ${sort}`, 'accent')];
	const ago = span(`  ${loadedAgo} ago`, 'dim');
	return [
		[...marks, span(hasMore ? `${all} loaded; n for more` : `${all} loaded`, 'dim'), ...sorted, ago],
		[...marks, span(`${all} loaded`, 'dim'), ...sorted, ago],
		[...marks, span(hasMore ? `${all}+` : all, 'dim'), ...sorted],
	];
}

function emptyRow({load, pattern}: KeysState): Row {
	if (load.kind === 'failed') return [span(printable(load.message), 'bad')];
	if (load.kind !== 'loaded') return [span('loading the keys', 'dim')];
	return [span(pattern === '*' ? 'this Redis has no keys' : `no key matches ${printable(pattern)}`, 'dim')];
}

function filterLine({filter, pattern}: KeysState): Row {
	if (filter.isTyping || pattern === '*') return filterRow(filter, '/ filters, for example user:*   t shows the tree');
	return [span('pattern ', 'dim'), span(printable(pattern), 'accent'), span('   Esc removes', 'dim')];
}

/** The loaded keys as a table. */
export function KeyList() {
	const glyphs = useGlyphs();
	const keys = useUi((ui) => ui.keys);
	const {rows, load, marked, sort, selected} = keys;
	const at = load.kind === 'loaded' ? load.at : undefined;
	const ago = useEngine(({snapshot}) => (at === undefined || !snapshot ? '' : formatAge(Date.now() - at)));
	const columns = useMemo(() => columnsOf(marked, sort, glyphs.pass, glyphs.down), [marked, sort, glyphs]);
	const head: Draw = useCallback(({width}) => [[span('  '), ...tableRows(columns, width - 2).head]], [columns]);
	const row = useMemo(() => {
		const tables = new Map<number, ReturnType<typeof tableRows<KeyRow>>>();
		return (index: number, width: number): Row => {
			const table = tables.get(width) ?? tableRows(columns, width);
			tables.set(width, table);
			const item = rows[index];
			return item ? table.row(item) : [];
		};
	}, [columns, rows]);
	const notes = useMemo(() => notesOf(keys, ago), [keys, ago]);
	const above = useMemo(
		() => [
			filterLine(keys),
			...(keys.load.kind === 'failed' && keys.rows.length > 0
				? [[span(printable(keys.load.message), 'bad')] as const]
				: []),
		],
		[keys],
	);
	return (
		<Panel title="Keys" notes={notes}>
			<Lines rows={above} />
			<Raster draw={head} height={1} />
			<List count={rows.length} selected={selected} row={row} empty={emptyRow(keys)} scope="key-list" />
		</Panel>
	);
}
