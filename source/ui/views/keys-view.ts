import {age, bytes, count, duration} from '../format.js';
import {isRanked, type KeyRow, type KeysState} from '../state/keys-state.js';
import {topFor} from '../state/move.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {joinHorizontal, type Row, span} from '../text/row.js';
import {type Column, table} from '../text/table.js';
import {drawKeyTree} from './key-tree-view.js';
import {valueLines, valueWidth} from './value-lines.js';
import {type DrawView, filterRow, listRow, type ViewInput} from './view.js';

const columns = (keys: KeysState, mark: string, down: string): readonly Column<KeyRow>[] => [
	{title: '', width: 1, priority: 0, cell: (row) => span(keys.marked.has(row.key) ? mark : ' ', 'warn')},
	{
		title: keys.sort === 'name' ? `key ${down}` : 'key',
		width: 20,
		priority: 0,
		grows: true,
		cell: (row) => span(printable(row.key)),
	},
	{title: 'type', width: 6, priority: 2, cell: (row) => span(row.type, 'accent')},
	{
		title: keys.sort === 'ttl' ? `TTL ${down}` : 'TTL',
		width: 8,
		align: 'right',
		priority: 1,
		cell: (row) => (row.ttlMs === undefined ? span('no TTL', 'dim') : span(duration(row.ttlMs))),
	},
	{
		title: keys.sort === 'size' ? `size ${down}` : 'size',
		width: 8,
		align: 'right',
		priority: 1,
		cell: (row) => (row.bytes === undefined ? span('-', 'dim') : span(bytes(row.bytes))),
	},
];

/** How far the list goes, from the longest wording to the shortest. */
function status(keys: KeysState, now: number): readonly Row[] {
	const {load} = keys;
	const more = keys.cursor !== undefined;
	const marked: Row = keys.marked.size > 0 ? [span(`${count(keys.marked.size)} marked  `, 'warn')] : [];
	const looked = `of ${count(keys.scanned)} looked at`;
	if (load.kind === 'loading')
		return [[...marked, span(isRanked(keys.sort) && keys.scanned > 0 ? looked : 'listing', 'warn')]];
	if (load.kind !== 'loaded') return [marked];
	if (isRanked(keys.sort)) {
		const first = `${count(keys.rows.length)} ${keys.sort === 'size' ? 'largest' : 'that expire first'} ${looked}`;
		return [
			[...marked, span(more ? `${first}, n looks on` : first, 'dim')],
			[...marked, span(looked, 'dim')],
		];
	}
	const sorted: Row = keys.sort === 'found' ? [] : [span(`  by ${keys.sort}`, 'accent')];
	const all = count(keys.rows.length);
	const seen = span(`  listed ${age(now - load.at)} ago`, 'dim');
	return [
		[...marked, span(more ? `${all} so far, n fetches more` : all, 'dim'), ...sorted, seen],
		[...marked, span(more ? `${all} so far` : all, 'dim'), ...sorted, seen],
		[...marked, span(more ? `${all}+` : all, 'dim'), ...sorted],
	];
}

function drawList({ui, context, glyphs}: ViewInput, width: number, height: number): Row[] {
	const {keys} = ui;
	const inside = insideFrame(width, height);
	const {rows} = keys;
	const room = inside.height - 2;
	const top = topFor(keys.selected, Math.max(0, keys.selected - Math.floor(room / 2)), rows.length, room);
	const list = table(columns(keys, glyphs.pass, glyphs.down), inside.width - 2);
	const body: Row[] =
		rows.length > 0
			? rows
					.slice(top, top + room)
					.map((row, index) => listRow(list.row(row), top + index === keys.selected, inside.width, glyphs))
			: [emptyRow(keys)];
	const failure: Row[] =
		keys.load.kind === 'failed' && rows.length > 0 ? [[span(printable(keys.load.message), 'bad')]] : [];
	const filter: Row =
		keys.isFiltering || keys.pattern === '*'
			? filterRow(keys.filter, keys.isFiltering, '/ filters, for example user:*   t shows a tree', glyphs)
			: [span('pattern ', 'dim'), span(printable(keys.pattern), 'accent'), span('   Esc clears', 'dim')];
	return frame([filter, ...failure, [span('  '), ...list.head], ...body], {
		title: 'Keys',
		notes: status(keys, context.now),
		width,
		height,
		isFocused: false,
		glyphs,
	});
}

function emptyRow(keys: KeysState): Row {
	if (keys.load.kind === 'failed') return [span(printable(keys.load.message), 'bad')];
	if (keys.load.kind === 'loading' || keys.load.kind === 'idle') return [span('listing the keys', 'dim')];
	return [span(keys.pattern === '*' ? 'this Redis has no keys' : `no key matches ${printable(keys.pattern)}`, 'dim')];
}

function drawValue({ui, context, glyphs}: ViewInput, width: number, height: number): Row[] {
	const {open} = ui.keys;
	const inside = insideFrame(width, height);
	const lines = valueLines(open, context);
	const top = open?.top ?? 0;
	const rows: Row[] = open?.lines ? [...lines.slice(top, top + inside.height)] : [[span('reading', 'dim')]];
	const more = lines.length - top - inside.height;
	return frame(rows, {
		title: printable(open?.key ?? ''),
		notes: [[span(more > 0 ? `${count(more)} more lines: PgDn` : 'Esc closes', 'dim')]],
		width,
		height,
		isFocused: true,
		glyphs,
	});
}

/** The keys of the Redis, and the value of the one that is open: beside the list where there is room, else instead of it. */
export const drawKeysView: DrawView = (input, width, height) => {
	const drawKeys = input.ui.keys.shape === 'tree' ? drawKeyTree : drawList;
	if (!input.ui.keys.open) return drawKeys(input, width, height);
	const listWidth = width - valueWidth(width);
	if (listWidth === 0) return drawValue(input, width, height);
	return joinHorizontal(
		[
			{rows: drawKeys(input, listWidth, height), width: listWidth},
			{rows: drawValue(input, width - listWidth, height), width: width - listWidth},
		],
		0,
	);
};
