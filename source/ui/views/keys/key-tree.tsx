import {useMemo} from 'react';
import {unknownType} from '../../../inspect/keys/describe-keys.js';
import type {GroupSizes} from '../../../inspect/keys/key-tree.js';
import {formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount, formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {keysBelow, type KeyTree as Tree, type TreeLine, treeLines} from '../../state/keys/key-tree.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';
import {DeniedKeysLine} from './denied-keys-line.js';
import {MissingNodesLine} from './missing-nodes-line.js';
import {SweepLine} from './sweep-line.js';

const countWidth = 14;

/** Cells of type, TTL and the gaps around them. */
const factsWidth = 20;

/** Cells of the memory of a group and the gap before it. */
const memoryWidth = 11;

/** The TTLs of a group in words, in at most 18 cells. */
function ttlWords({withoutTtl, nextTtlMs}: GroupSizes): string {
	if (nextTtlMs === undefined) return 'none expires';
	return withoutTtl > 0 ? `${formatShortCount(withoutTtl)} without TTL` : `from ${formatElapsed(nextTtlMs)} on`;
}

type LineLook = {
	readonly marked: ReadonlySet<string>;
	readonly withSizes: boolean;
	readonly width: number;
	readonly glyphs: Glyphs;
};

function lineRow(line: TreeLine, {marked, withSizes, width, glyphs}: LineLook): Row {
	const indent = '  '.repeat(line.depth);
	if (line.kind === 'note') return [span(`${indent}  ${printable(line.text)}`, line.isError ? 'bad' : 'dim')];
	const nameWidth = Math.max(8, width - indent.length - 2 - countWidth - factsWidth - (withSizes ? memoryWidth : 0));
	if (line.kind === 'group') {
		const fold = line.isUnfolded ? glyphs.unfolded : glyphs.folded;
		const keys = `${line.isPartial ? glyphs.atLeast : ''}${formatCount(line.keys)} ${line.keys === 1 ? 'key ' : 'keys'}`;
		const {sizes} = line;
		const facts = sizes ? ttlWords(sizes) : '';
		return [
			span(`${indent}${fold} `, 'keystroke'),
			span(padEnd(printable(line.name), nameWidth), 'strong'),
			span(padStart(facts, factsWidth - 1), sizes?.withoutTtl ? 'warn' : 'text'),
			span(padStart(keys, countWidth + 1)),
			...(withSizes ? [span(padStart(sizes ? formatBytes(sizes.bytes) : '', memoryWidth))] : []),
		];
	}
	const {key, type, ttlMs, bytes: size} = line.row;
	const ttl = ttlMs !== undefined ? formatElapsed(ttlMs) : type === unknownType ? '?' : 'no TTL';
	return [
		span(`${indent}${marked.has(key) ? glyphs.pass : ' '} `, 'warn'),
		span(padEnd(printable(line.name), nameWidth)),
		span(` ${padEnd(printable(type), 8)}`, 'accent'),
		span(padStart(ttl, 10), ttlMs === undefined ? 'dim' : 'text'),
		span(
			padStart(size === undefined ? '-' : formatBytes(size), countWidth + 1 + (withSizes ? memoryWidth : 0)),
			size === undefined ? 'dim' : 'text',
		),
	];
}

/** The number of keys scanned so far. */
function notesOf({nodes, order}: Tree, total: number | undefined, glyphs: Glyphs): readonly Row[] {
	const root = nodes.get('');
	const by: Row = order === 'keys' ? [] : [span(`  by ${order}`, 'accent')];
	if (root?.page !== undefined && root.page.cursor === undefined)
		return [[span(`${formatCount(keysBelow({nodes}, root.page))} keys`, 'dim'), ...by]];
	const seen = formatCount(root?.page?.keys ?? 0);
	const of = total === undefined ? '' : ` of ${glyphs.approximately}${formatCount(total)}`;
	const isLoading = root?.load.kind === 'loading';
	return [
		[span(`${seen}${of} keys scanned; n ${isLoading ? 'pauses' : 'for more'}`, isLoading ? 'warn' : 'dim'), ...by],
		[span(`${seen}${of} scanned`, isLoading ? 'warn' : 'dim')],
	];
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
				return line ? lineRow(line, {marked, withSizes: tree.withSizes, width, glyphs}) : [];
			},
		[lines, marked, tree.withSizes, glyphs],
	);
	const notes = useMemo(() => notesOf(tree, total, glyphs), [tree, total, glyphs]);
	const hint = useMemo((): readonly Row[] => {
		const marks: Row = marked.size > 0 ? [span(`${formatCount(marked.size)} marked   `, 'warn')] : [];
		const {delimiter = ':'} = tree;
		const split = `split at ${JSON.stringify(delimiter)} (D changes)   s sorts, by size too   t lists`;
		return [[...marks, span(split, 'dim')]];
	}, [marked, tree]);
	return (
		<Panel title="Keys by prefix" notes={notes}>
			<SweepLine />
			<MissingNodesLine />
			<DeniedKeysLine />
			<Lines rows={hint} />
			<List count={lines.length} selected={Math.min(tree.selected, lines.length - 1)} row={row} scope="key-tree" />
		</Panel>
	);
}
