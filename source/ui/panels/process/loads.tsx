import {isDeepStrictEqual} from 'node:util';
import {useCallback, useMemo} from 'react';
import type {EngineSnapshot, LiveLoads, RunningLoad, SlowLoad} from '../../../engine/protocol.js';
import {formatAge, formatLatency} from '../../../text/duration.js';
import {formatCount, noData} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useEngine} from '../../hooks/use-screen.js';
import {type Column, tableRows} from '../../text/columns.js';
import {joinHorizontal, type Row, span} from '../../text/row.js';
import type {StyleName} from '../../theme.js';
import type {PanelEntry, PanelProps} from '../panel.js';

type Figures = {
	readonly loads: LiveLoads;
	readonly namespace: string;
	/** Seconds, so that ages change once in each. */
	readonly second: number;
	readonly total: number;
	readonly failed: number;
};

/** Milliseconds from which on a load is highlighted. */
const slowMs = 1000;

/** From this width on both lists are side by side. */
const besideFrom = 84;
const gap = 3;

const outcomeStyles: Readonly<Record<SlowLoad['outcome'], StyleName>> = {
	loaded: 'good',
	absent: 'dim',
	kept: 'dim',
	failed: 'bad',
	timeout: 'bad',
};

const named = ({namespace, key}: Pick<SlowLoad, 'namespace' | 'key'>, own: string) =>
	span(printable(namespace === own ? key : `${namespace}:${key}`));

const taken = (ms: number) => span(formatLatency(ms), ms >= slowMs ? 'warn' : 'text');

function slowColumns(own: string, now: number): readonly Column<SlowLoad>[] {
	return [
		{title: 'SLOWEST LOADS', width: 14, priority: 0, grows: true, cell: (load) => named(load, own)},
		{title: 'TOOK', width: 7, align: 'right', priority: 1, cell: ({ms}) => taken(ms)},
		{title: 'RESULT', width: 7, priority: 2, cell: ({outcome}) => span(outcome, outcomeStyles[outcome])},
		{title: 'AGO', width: 6, align: 'right', priority: 3, cell: ({at}) => span(formatAge(now - at), 'dim')},
	];
}

function runningColumns(own: string): readonly Column<RunningLoad>[] {
	return [
		{title: 'IN FLIGHT', width: 12, priority: 0, grows: true, cell: (load) => named(load, own)},
		{title: 'SO FAR', width: 7, align: 'right', priority: 1, cell: ({ms}) => taken(ms)},
	];
}

function tableOf<Item>(columns: readonly Column<Item>[], items: readonly Item[], width: number, height: number): Row[] {
	const {head, row} = tableRows(columns, width);
	return [head, ...items.slice(0, Math.max(0, height - 1)).map(row)];
}

function loadRows({loads, namespace, second, total}: Figures, width: number, height: number): Row[] {
	if (loads.slowest.length === 0 && loads.oldest.length === 0)
		return [
			[span(total === 0 ? 'no loads yet: nothing was missed by getOrSet' : 'no loads in the last ten minutes', 'dim')],
		];
	const slow = slowColumns(namespace, second * 1000);
	if (width < besideFrom) {
		// Loads in flight change often, so their list has a fixed height, and the list below does not move.
		const running =
			height >= 9 && loads.oldest.length > 0 ? Math.min(loads.oldest.length + 1, Math.floor(height / 2)) : 0;
		return [
			...tableOf(slow, loads.slowest, width, height - running),
			...(running > 0 ? tableOf(runningColumns(namespace), loads.oldest, width, running) : []),
		];
	}
	const right = Math.floor((width - gap) * 0.35);
	const left = width - gap - right;
	return joinHorizontal(
		[
			{rows: tableOf(slow, loads.slowest, left, height), width: left},
			{rows: tableOf(runningColumns(namespace), loads.oldest, right, height), width: right},
		],
		gap,
	);
}

function figuresOf({at, cache, attached}: EngineSnapshot): Figures | undefined {
	if (!attached) return undefined;
	const {loads, namespace} = attached;
	const {loads: total, loadErrors: failed} = cache.counters;
	return {loads, namespace, second: Math.floor(at / 1000), total, failed};
}

/** The numbers of loads, from the longest wording to the shortest. */
function notesOf({loads: {inFlight, running, waiting, limit}, failed}: Figures): readonly Row[] {
	const of = limit === undefined ? '' : ` of ${formatCount(limit)}`;
	const isFull = limit !== undefined && running >= limit;
	const counts: Row = [
		span(`${formatCount(inFlight)} in flight`),
		span(`, ${formatCount(running)}${of} run`, isFull ? 'warn' : 'dim'),
	];
	const queued: Row = waiting > 0 ? [span(`, ${formatCount(waiting)} wait`, 'warn')] : [];
	const errors: Row = failed > 0 ? [span(`  ${formatCount(failed)} failed so far`, 'dim')] : [];
	return [[...counts, ...queued, ...errors], [...counts, ...queued], [span(`${formatCount(inFlight)} in flight`)]];
}

function LoadsPanel({isFocused}: PanelProps) {
	const figures = useEngine(({snapshot}) => snapshot && figuresOf(snapshot), isDeepStrictEqual);
	const notes = useMemo(() => (figures ? notesOf(figures) : []), [figures]);
	const draw: Draw = useCallback(
		({width, height}) => (figures ? loadRows(figures, width, height) : [[span(noData, 'dim')]]),
		[figures],
	);
	return (
		<Panel title={loads.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const loads: PanelEntry = {
	title: 'Loads',
	component: LoadsPanel,
	explain: {
		shows:
			'The loaders of getOrSet and getOrSetMany: loads in flight, running loaders, with the limit `loader.concurrency` if there is one, and queued loads. Then the slowest loads of the last ten minutes, one for each key, and the loads that have been in flight longest.',
		source:
			'The process. It records the slowest loads from its start on, even without a viewer. Key names of other namespaces begin with the namespace.',
		normal:
			'Few loads in flight, none that waits. Many in flight for long: the source behind the cache is slow. Loads that wait: `loader.concurrency` protects the source, and callers get stale values or wait. Timeouts: the loader takes longer than `loader.hardTimeout`.',
	},
};
