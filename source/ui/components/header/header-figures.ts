import type {ActivitySnapshot, EngineSnapshot} from '../../../engine/protocol.js';
import {hitRatioOf as keyspaceHitRatio, perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent, noData} from '../../../text/number.js';
import {currentLatency} from '../../panels/cache/latency.js';
import {hitRatioOfTraffic, rateOf} from '../../store/application-sample.js';
import type {StoreState} from '../../store/store.js';
import {callRateOf, hitRatioOf, recent} from '../../store/time-frame.js';
import {padStart, type Row, span} from '../../text/row.js';
import type {StyleName} from '../../theme.js';

/** All of them; hit ratio and p99; the hit ratio alone. */
export type FiguresSize = 'full' | 'short' | 'hits';

type Figures = {
	readonly rate: {readonly value: number | undefined; readonly cells: number; readonly unit: string};
	readonly hitRatio: number | undefined;
	readonly p99: number | undefined;
	readonly wrongReads?: number;
	/** In place of a figure that was not measured. */
	readonly unknown: string;
};

/** The figures of a server. An idle one has no hits and no latency. */
const ofServer = ({latest, recent: last}: ActivitySnapshot): Figures => ({
	rate: {value: latest && perSecond(latest.commands, latest), cells: 7, unit: ' commands/s'},
	hitRatio: last && keyspaceHitRatio(last),
	p99: latest?.latency.p99 ?? latest?.latency.mean,
	unknown: '-',
});

/** The figures of the application behind the tap, which may be idle as well. */
function ofApplication(state: StoreState): Figures {
	const [now, lately] = [recent(state, 1)?.application, recent(state, 10)?.application];
	return {
		rate: {value: now && rateOf(now.commands, now), cells: 7, unit: ' commands/s'},
		hitRatio: lately && hitRatioOfTraffic(lately),
		p99: now?.p99Ms ?? undefined,
		unknown: '-',
	};
}

function ofCache(state: StoreState, snapshot: EngineSnapshot): Figures {
	const {workload, server} = snapshot;
	const lastSecond = recent(state, 1);
	const isOurTraffic = workload.running || (lastSecond?.calls ?? 0) > 0;
	return {
		rate: isOurTraffic
			? {value: callRateOf(lastSecond), cells: 6, unit: ' calls/s'}
			: {value: server?.opsPerSecond, cells: 6, unit: ' server ops/s'},
		hitRatio: hitRatioOf(recent(state, 10)),
		p99: currentLatency(snapshot).p99,
		...(workload.calls > 0 && {wrongReads: workload.wrongReads}),
		unknown: noData,
	};
}

/** The figures of the cache of a live process, which may be idle. */
function ofProcess(state: StoreState, {cache}: EngineSnapshot): Figures {
	return {
		rate: {value: callRateOf(recent(state, 1)), cells: 7, unit: ' calls/s'},
		hitRatio: hitRatioOf(recent(state, 10)),
		p99: cache.latency.get.p99,
		unknown: '-',
	};
}

function figuresOf(state: StoreState, snapshot: EngineSnapshot): Figures {
	switch (snapshot.source) {
		case 'cache':
			return ofCache(state, snapshot);
		case 'server':
			return ofServer(snapshot.activity);
		case 'application':
			return ofApplication(state);
		case 'process':
			return ofProcess(state, snapshot);
	}
}

/** The main figures of the source, as the panels of its overview show them. */
export function figures(state: StoreState, size: FiguresSize): Row {
	if (!state.snapshot) return [];
	const {rate, hitRatio, p99, wrongReads, unknown} = figuresOf(state, state.snapshot);
	const isFull = size === 'full';
	const figure = (value: string, cells: number, style: StyleName = 'strong') =>
		span(padStart(value === noData ? unknown : value, cells), style);
	return [
		...(isFull ? [figure(formatCount(rate.value), rate.cells), span(rate.unit, 'dim')] : []),
		span(isFull ? '  hit ' : ' hit ', 'dim'),
		figure(formatPercent(hitRatio), 7),
		...(size === 'hits' ? [] : [span('  p99 ', 'dim'), figure(formatLatency(p99), 7)]),
		...(isFull && wrongReads !== undefined
			? [span('  wrong reads ', 'dim'), figure(formatCount(wrongReads), 3, wrongReads > 0 ? 'bad' : 'strong')]
			: []),
		span(' '),
	];
}
