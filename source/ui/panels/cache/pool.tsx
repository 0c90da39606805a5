import {isDeepStrictEqual} from 'node:util';
import {useCallback, useMemo} from 'react';
import type {EngineSnapshot} from '../../../engine/protocol.js';
import {formatAge} from '../../../text/duration.js';
import {formatPercent, noData} from '../../../text/number.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {areAllInUse, countOfLost, nodesInUse, shownNodes} from '../../rows/node-rows.js';
import {padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {checkoutRow, laneRows, type PoolFigures} from './pool-lanes.js';
import {poolNodeRows} from './pool-nodes.js';

function figuresOf({at, cache: {pool, nodes = []}, target, faults}: EngineSnapshot): PoolFigures {
	const first = pool.checkouts.waiting[0];
	const listed = target.nodes ?? [];
	return {
		pool,
		nodes,
		shown: shownNodes({nodes, listed, faults}),
		down: countOfLost(listed),
		waited: first && formatAge(at - first.since),
		numbers: Object.fromEntries(listed.map(({address, number}) => [address, number])),
	};
}

/**
 * If there are nodes, which name their lanes, single lanes are shown only if there is room for all of them. If no checkout is
 * in use, its row is used for a node.
 */
function poolRows(figures: PoolFigures, width: number, height: number, glyphs: Glyphs): Row[] {
	const {
		pool: {lanes, checkouts},
		shown,
	} = figures;
	if (shown.length === 0)
		return [...laneRows(figures, width, Math.max(1, height - 1), glyphs), checkoutRow(figures, width, glyphs)];
	const areUsed = checkouts.busy > 0 || checkouts.waiting.length > 0;
	const room = height - (areUsed || shown.length + 1 < height ? 1 : 0);
	const nodes = poolNodeRows(shown, lanes, width, room, glyphs);
	const left = room - nodes.length;
	return [
		...nodes,
		...(left >= lanes.length ? laneRows(figures, width, left, glyphs) : []),
		...(room < height ? [checkoutRow(figures, width, glyphs)] : []),
	];
}

/** The heading of the panel, in three lengths. */
function notesOf({pool: {lanes, utilisation}, nodes, down}: PoolFigures): readonly Row[] {
	const ready = lanes.filter(({state}) => state === 'ready').length;
	const inUse: Row =
		nodes.length === 0 ? [] : [span(`nodes ${nodesInUse(nodes)}  `, areAllInUse(nodes) ? 'good' : 'bad')];
	const lost: Row = down === 0 ? [] : [span(`${down} down  `, 'bad')];
	const readyLanes: Row = [
		span(
			`${ready}/${lanes.length} ${nodes.length === 0 ? '' : 'lanes '}ready`,
			ready === lanes.length ? 'good' : 'bad',
		),
	];
	const used: Row = [span('  used ', 'dim'), span(padStart(formatPercent(utilisation), 6))];
	return [
		[...inUse, ...lost, ...readyLanes, ...used],
		[...inUse, ...lost, ...readyLanes],
		...(inUse.length + lost.length > 0 ? [[...inUse, ...lost]] : []),
	];
}

function PoolPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const figures = useEngine(({snapshot}) => snapshot && figuresOf(snapshot), isDeepStrictEqual);
	const draw: Draw = useCallback(
		({width, height}) => (figures ? poolRows(figures, width, height, glyphs) : [[span(noData, 'dim')]]),
		[figures, glyphs],
	);
	const notes = useMemo(() => (figures ? notesOf(figures) : []), [figures]);
	return (
		<Panel title={pool.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const pool: PanelEntry = {
	title: 'Pool',
	component: PoolPanel,
	explain: {
		shows:
			'With a cluster or Sentinel, the nodes with their numbers for faults, those with problems first: masters with slots and lanes, replicas with their lag. Then each lane (a connection that many calls share) with its state, its commands in flight and their limit. Then the checkouts: connections that one caller borrows at a time, and callers that wait for one.',
		source: 'The pool, at the time of the snapshot. Rates and p99 cover about the last second.',
		normal:
			'All lanes ready, few commands in flight, no one waiting. A lane is "waiting" when it has lost its connection and pauses before it reconnects. A bar that fills up while Redis is connected means that Redis is slow or far away.',
	},
};
