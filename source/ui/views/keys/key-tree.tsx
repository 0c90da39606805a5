import {useMemo} from 'react';
import {formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {type KeyTree as Tree, type TreeLine, treeLines} from '../../state/keys/key-tree.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';

const countWidth = 14;

/** Cells of type, TTL and the gaps around them. */
const factsWidth = 20;

function lineRow(line: TreeLine, marked: ReadonlySet<string>, width: number, glyphs: Glyphs): Row {
	const indent = '  '.repeat(line.depth);
	if (line.kind === 'note') return [span(`${indent}  ${printable(line.text)}`, line.isError ? 'bad' : 'dim')];
	const nameWidth = Math.max(8, width - indent.length - 2 - countWidth - factsWidth);
	if (line.kind === 'group') {
		const fold = line.isUnfolded ? glyphs.unfolded : glyphs.folded;
		const keys = `${line.isPartial ? glyphs.atLeast : ''}${formatCount(line.keys)} ${line.keys === 1 ? 'key ' : 'keys'}`;
		return [
			span(`${indent}${fold} `, 'keystroke'),
			span(padEnd(printable(line.name), nameWidth + factsWidth), 'strong'),
			span(padStart(keys, countWidth)),
		];
	}
	const {key, type, ttlMs, bytes: size} = line.row;
	return [
		span(`${indent}${marked.has(key) ? glyphs.pass : ' '} `, 'warn'),
		span(padEnd(printable(line.name), nameWidth)),
		span(` ${padEnd(printable(type), 8)}`, 'accent'),
		span(padStart(ttlMs === undefined ? 'no TTL' : formatElapsed(ttlMs), 10), ttlMs === undefined ? 'dim' : 'text'),
		span(padStart(size === undefined ? '-' : formatBytes(size), countWidth + 1), size === undefined ? 'dim' : 'text'),
	];
}

/** The number of keys scanned so far. */
function notesOf({nodes}: Tree, total: number | undefined, glyphs: Glyphs): readonly Row[] {
	const root = nodes.get('');
	const seen = formatCount(root?.page?.keys ?? 0);
	const isComplete = root?.page !== undefined && root.page.cursor === undefined;
	if (isComplete) return [[span(`${seen} keys`, 'dim')]];
	const of = total === undefined ? '' : ` of ${glyphs.approximately}${formatCount(total)}`;
	const isLoading = root?.load.kind === 'loading';
	return [[span(`${seen}${of} keys scanned${isLoading ? '' : '; n for more'}`, isLoading ? 'warn' : 'dim')]];
}

/** The keys as a tree of the parts of their names. */
export function KeyTree() {
	const glyphs = useGlyphs();
	const tree = useUi(({keys}) => keys.tree);
	const marked = useUi(({keys}) => keys.marked);
	const total = useEngine(({snapshot}) => snapshot?.server?.keys);
	const lines = useMemo(() => treeLines(tree), [tree]);
	const row = useMemo(
		() =>
			(index: number, width: number): Row => {
				const line = lines[index];
				return line ? lineRow(line, marked, width, glyphs) : [];
			},
		[lines, marked, glyphs],
	);
	const notes = useMemo(() => notesOf(tree, total, glyphs), [tree, total, glyphs]);
	const hint = useMemo((): readonly Row[] => {
		const marks: Row = marked.size > 0 ? [span(`${formatCount(marked.size)} marked   `, 'warn')] : [];
		return [[...marks, span('Enter unfolds, d deletes a group, t shows the list', 'dim')]];
	}, [marked]);
	return (
		<Panel title="Keys by prefix" notes={notes}>
			<Lines rows={hint} />
			<List count={lines.length} selected={Math.min(tree.selected, lines.length - 1)} row={row} scope="key-tree" />
		</Panel>
	);
}
