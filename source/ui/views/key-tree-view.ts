import {bytes, count, duration} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {type KeyTree, type TreeLine, treeLines} from '../state/keys-tree.js';
import {topFor} from '../state/move.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {padEnd, padStart, type Row, span} from '../text/row.js';
import {listRow, type ViewInput} from './view.js';

const countWidth = 14;

function lineRow(line: TreeLine, marked: ReadonlySet<string>, width: number, glyphs: Glyphs): Row {
	const indent = '  '.repeat(line.depth);
	if (line.kind === 'note') return [span(`${indent}  ${printable(line.text)}`, line.isBad ? 'bad' : 'dim')];
	const nameWidth = Math.max(8, width - indent.length - 2 - countWidth - 20);
	if (line.kind === 'group') {
		const fold = line.isUnfolded ? glyphs.unfolded : glyphs.folded;
		const keys = `${line.isPartial ? glyphs.atLeast : ''}${count(line.keys)} ${line.keys === 1 ? 'key ' : 'keys'}`;
		return [
			span(`${indent}${fold} `, 'key'),
			span(padEnd(printable(line.name), nameWidth + 20), 'strong'),
			span(padStart(keys, countWidth)),
		];
	}
	const {row} = line;
	const ttl = row.ttlMs === undefined ? 'no TTL' : duration(row.ttlMs);
	return [
		span(`${indent}${marked.has(row.key) ? glyphs.pass : ' '} `, 'warn'),
		span(padEnd(printable(line.name), nameWidth)),
		span(` ${padEnd(row.type, 8)}`, 'accent'),
		span(padStart(ttl, 10), row.ttlMs === undefined ? 'dim' : 'text'),
		span(
			padStart(row.bytes === undefined ? '-' : bytes(row.bytes), countWidth + 1),
			row.bytes === undefined ? 'dim' : 'text',
		),
	];
}

/** What of the keyspace is known: at the root, all of it or a part. */
function status(tree: KeyTree, total: number | undefined, glyphs: Glyphs): readonly Row[] {
	const root = tree.nodes.get('');
	const seen = root?.page?.keys ?? 0;
	const isAll = root?.page !== undefined && root.page.cursor === undefined;
	if (isAll) return [[span(`${count(seen)} keys, r looks again`, 'dim')]];
	const of = total === undefined ? '' : ` of ${glyphs.approximately}${count(total)}`;
	const looking = root?.load.kind === 'loading';
	return [[span(`${count(seen)}${of} keys seen${looking ? '' : ', n looks on'}`, looking ? 'warn' : 'dim')]];
}

/** The keys as a tree of what stands before each colon. */
export function drawKeyTree({ui, state, glyphs}: ViewInput, width: number, height: number): Row[] {
	const {tree, marked} = ui.keys;
	const inside = insideFrame(width, height);
	const lines = treeLines(tree);
	const selected = Math.min(tree.selected, Math.max(0, lines.length - 1));
	const room = inside.height - 1;
	const top = topFor(selected, Math.max(0, selected - Math.floor(room / 2)), lines.length, room);
	const rows = lines
		.slice(top, top + room)
		.map((line, index) =>
			listRow(lineRow(line, marked, inside.width - 2, glyphs), top + index === selected, inside.width, glyphs),
		);
	const marks: Row = marked.size > 0 ? [span(`${count(marked.size)} marked   `, 'warn')] : [];
	const hint: Row = [...marks, span('Enter unfolds, d deletes a group, t shows the list', 'dim')];
	return frame([hint, ...rows], {
		title: 'Keys by prefix',
		notes: status(tree, state.snapshot?.server?.keys, glyphs),
		width,
		height,
		glyphs,
	});
}
