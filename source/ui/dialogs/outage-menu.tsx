import {isDeepStrictEqual} from 'node:util';
import {useCallback, useMemo} from 'react';
import type {TopologyNode} from '../../engine/target-snapshot.js';
import type {FaultInfo} from '../../faults/catalogue.js';
import {printable} from '../../text/printable.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {List} from '../components/list.js';
import type {Glyphs} from '../glyphs.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine} from '../hooks/use-screen.js';
import {
	callOf,
	faultDurations,
	faultWords,
	type OutageChoices,
	type OutageItem,
	outageItems,
} from '../state/faults/outage-menu.js';
import type {Dialog as DialogState} from '../state/ui-state.js';
import {padEnd, type Row, span} from '../text/row.js';

const nameWidth = 18;

function itemRow(item: OutageItem, width: number): Row {
	const detailWidth = Math.max(1, width - nameWidth);
	if (item.kind === 'heal')
		return [span(padEnd(item.label, nameWidth), 'good'), span(padEnd(printable(item.detail), detailWidth))];
	return [
		span(padEnd(faultWords(item.info).join(' '), nameWidth), item.refusal ? 'dim' : 'bad'),
		span(padEnd(item.refusal ?? item.info.summary, detailWidth), 'dim'),
	];
}

type ShownNode = Pick<TopologyNode, 'number' | 'address' | 'role'>;

/** The node of an outage, of several. */
function nodeSpans({where}: FaultInfo, {node}: OutageChoices, nodes: readonly ShownNode[]): Row {
	const chosen = nodes.find(({number}) => String(number) === node);
	const words =
		chosen === undefined
			? where === 'wire'
				? 'all nodes'
				: 'a master'
			: `node ${node}, ${printable(chosen.address)}, ${chosen.role}`;
	return [span('  on ', 'dim'), span(words, 'accent')];
}

/** The meaning of the selected item, and what Enter does. */
function footRows(
	item: OutageItem | undefined,
	choices: OutageChoices,
	nodes: readonly ShownNode[],
	glyphs: Glyphs,
): readonly Row[] {
	const meaning: Row = [span(item?.kind === 'fault' ? (item.refusal ?? item.info.summary) : '')];
	if (item?.kind === 'heal') return [[], meaning, [span('Enter heals', 'dim')]];
	if (item && callOf(item, choices) === undefined) return [[], meaning, [span('refused on this server', 'warn')]];
	const arrows = glyphs.name === 'unicode' ? '←→' : 'h l';
	const lasts = [span('lasts ', 'dim'), span(faultDurations[choices.lasting]?.label ?? '', 'accent')];
	if (item === undefined || nodes.length === 0)
		return [[], meaning, [...lasts, span(`   ${arrows} duration, e edits, Enter starts`, 'dim')]];
	return [
		[],
		meaning,
		[...lasts, ...nodeSpans(item.info, choices, nodes)],
		[span(`${arrows} duration, n node, e edits, Enter starts`, 'dim')],
	];
}

type MenuState = Extract<DialogState, {readonly kind: 'outage-menu'}>;

/** Lifts active faults, or starts a fault for the chosen time. */
export function OutageMenuDialog({menu}: {readonly menu: MenuState}) {
	const glyphs = useGlyphs();
	const {selected} = menu;
	const inForce = useEngine(
		({snapshot}) =>
			snapshot && {
				faults: snapshot.faults.map(({id, label}) => ({id, label})),
				target: {
					kind: snapshot.target.kind,
					topology: snapshot.target.topology,
					clockObstacle: snapshot.target.clockObstacle,
				},
				nodes: (snapshot.target.nodes ?? []).map(({number, address, role}) => ({number, address, role})),
				source: snapshot.source,
			},
		isDeepStrictEqual,
	);
	const items = useMemo(() => outageItems(inForce), [inForce]);
	const at = Math.min(selected, items.length - 1);
	const row = useCallback(
		(index: number, width: number): Row => {
			const item = items[index];
			return item ? itemRow(item, width) : [];
		},
		[items],
	);
	const nodes = inForce?.nodes;
	const foot = useMemo(() => footRows(items[at], menu, nodes ?? [], glyphs), [items, at, menu, nodes, glyphs]);
	const active = inForce?.faults.length ?? 0;
	const isApplication = inForce?.source === 'application';
	const place = `${at + 1} of ${items.length}`;
	const notes = useMemo(() => {
		if (active > 0) return [[span(`${place}, `, 'dim'), span(`${active} active`, 'bad')]];
		const affected: readonly Row[] = isApplication
			? [[span('breaks the connections of the application', 'warn')], [span('breaks the application', 'warn')]]
			: [[span('affects only this program', 'dim')]];
		return [...affected.map((words): Row => [span(`${place}, `, 'dim'), ...words]), [span(place, 'dim')]];
	}, [active, isApplication, place]);
	return (
		<Dialog title="Simulate an outage" notes={notes} columns={92}>
			{() => (
				<>
					<List count={items.length} selected={at} row={row} height={items.length} scope="outage-menu" />
					<Lines rows={foot} />
				</>
			)}
		</Dialog>
	);
}
