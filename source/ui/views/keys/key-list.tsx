import {useCallback, useMemo} from 'react';
import {type KeyRow, unknownType} from '../../../inspect/keys/describe-keys.js';
import {formatAge, formatElapsed} from '../../../text/duration.js';
import {formatBytes} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {filterRow} from '../../rows/filter-row.js';
import {emptyListWords, scanNotes, scanQuestion} from '../../rows/keys/scan-words.js';
import type {KeysState} from '../../state/keys/keys-state.js';
import {type Column, tableRows} from '../../text/columns.js';
import {type Row, span} from '../../text/row.js';
import {DeniedKeysLine} from './denied-keys-line.js';
import {MissingNodesLine} from './missing-nodes-line.js';
import {SweepLine} from './sweep-line.js';

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
			cell: ttlSpan,
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

const ttlSpan = ({type, ttlMs}: KeyRow) =>
	ttlMs === undefined ? span(type === unknownType ? '?' : 'no TTL', 'dim') : span(formatElapsed(ttlMs));

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
	const notes = useMemo(() => scanNotes(keys, ago), [keys, ago]);
	const total = useEngine(({snapshot}) => snapshot?.server?.keys);
	const isPartial = useEngine(({snapshot}) => (snapshot?.activity.missing.length ?? 0) > 0);
	const scanRate = useEngine(({snapshot}) => snapshot?.scanRate ?? Number.NaN);
	// Constant while the question is not shown, so that changes of its text cause no rendering.
	const isAsking = load.kind === 'asking';
	const reached = useEngine(({snapshot}) => (isAsking ? snapshot?.scanReached : undefined));
	const above = useMemo(
		() => [
			scanQuestion(keys, keys.scan.total ?? total, {scanRate, reached}) ?? filterLine(keys),
			...(keys.load.kind === 'failed' && keys.rows.length > 0
				? [[span(printable(keys.load.message), 'bad')] as const]
				: []),
		],
		[keys, total, scanRate, reached],
	);
	return (
		<Panel title="Keys" notes={notes}>
			<SweepLine />
			<MissingNodesLine />
			<DeniedKeysLine />
			<Lines rows={above} />
			<Raster draw={head} height={1} />
			<List
				count={rows.length}
				selected={selected}
				row={row}
				empty={emptyListWords(keys, isPartial)}
				scope="key-list"
			/>
		</Panel>
	);
}
