import {isDeepStrictEqual} from 'node:util';
import {useCallback} from 'react';
import type {ActivitySnapshot, EngineSnapshot} from '../../engine/protocol.js';
import type {TargetWarning} from '../../engine/target-snapshot.js';
import {hitRatioOf as keyspaceHitRatio, perSecond} from '../../inspect/server/activity/merge-figures.js';
import {formatAge, formatLatency} from '../../text/duration.js';
import {formatCount, formatPercent, formatShortCount, noData} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {modeStyles} from '../charts/mode-line.js';
import type {Glyphs} from '../glyphs.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useUi} from '../hooks/use-screen.js';
import {currentLatency} from '../panels/latency.js';
import {verdictMark} from '../panels/server/verdict.js';
import {type ViewName, viewNames, viewTitles} from '../state/names.js';
import type {StoreState} from '../store/store.js';
import {callRateOf, hitRatioOf, recent} from '../store/time-frame.js';
import {markOf} from '../text/connection-mark.js';
import {joinFitting, padStart, type Row, rowWidth, span, spread} from '../text/row.js';
import {type Draw, Raster} from './raster.js';

const badge = (text: string, style: 'alarm' | 'notice'): Row => [span(` ${text} `, style), span(' ')];

const warningWords: Readonly<Record<TargetWarning['id'], string>> = {
	'too-slow': 'TOO SLOW FOR THE DEADLINE',
	'cluster-node': 'ONE NODE OF A CLUSTER',
	insecure: 'CERTIFICATE NOT CHECKED',
};

/** Conditions that change how every figure on the screen must be read, most urgent first. */
function badges({snapshot, silentMs, pausedAt}: StoreState, glyphs: Glyphs): readonly Row[] {
	const list: Row[] = [];
	if (snapshot) {
		const [first, ...more] = snapshot.faults;
		if (first) {
			const left = first.until === undefined ? '' : `, ${formatAge(first.until - snapshot.at)} left`;
			const others = more.length > 0 ? ` +${more.length}` : '';
			const lasted = formatAge(snapshot.at - first.since);
			list.push(badge(`SIMULATED OUTAGE ${printable(first.label)}${others} ${lasted}${left}`, 'alarm'));
		}
		const {wrongReads} = snapshot.workload;
		if (wrongReads > 0) list.push(badge(`${glyphs.fail} ${formatShortCount(wrongReads)} WRONG READS`, 'alarm'));
		for (const {id} of snapshot.target.warnings) list.push(badge(warningWords[id], 'notice'));
		if (snapshot.readOnly) list.push(badge('READ-ONLY', 'notice'));
	}
	if (silentMs !== undefined) list.push(badge(`NO UPDATE for ${formatAge(silentMs)}`, 'alarm'));
	if (pausedAt !== undefined) list.push(badge('PAUSED', 'notice'));
	return list;
}

const stateWords = {unknown: 'measuring', fine: 'fine', warn: 'warning', bad: 'trouble'} as const;

/** The state of a server, with the time since when there is a problem. */
function stateRow({activity: {verdict}, at}: EngineSnapshot, glyphs: Glyphs): Row {
	const {level, problems} = verdict;
	const style = {unknown: 'dim', fine: 'good', warn: 'notice', bad: 'alarm'} as const;
	const since = Math.min(...problems.map((problem) => problem.since));
	const age = problems.length > 0 ? formatAge(at - since) : '';
	return [span(` ${verdictMark(level, glyphs)} ${stateWords[level]} `, style[level]), span(` ${age}`.padEnd(9), 'dim')];
}

/** The name of the connection in its color, before everything else: it is never left out. */
function connectionRow({snapshot}: StoreState): Row {
	const connection = snapshot?.target.connection;
	if (connection === undefined) return [];
	return [span(` ${printable(connection.name)} `, markOf(connection.color)), span(' ')];
}

function modeRow({snapshot}: StoreState, glyphs: Glyphs): Row {
	if (!snapshot) return [span('starting', 'dim')];
	if (snapshot.source === 'server') return stateRow(snapshot, glyphs);
	const {mode, at} = snapshot.cache.mode;
	return [
		span(
			` ${glyphs.modes[mode]} ${mode} `,
			mode === 'connected' ? modeStyles[mode] : mode === 'fallback' ? 'alarm' : 'notice',
		),
		span(` ${formatAge(snapshot.at - at)}`.padEnd(9), 'dim'),
	];
}

/** The server, from the longest wording to the shortest. */
function targetRows({snapshot}: StoreState): readonly Row[] {
	if (!snapshot) return [];
	const {target} = snapshot;
	const name = span(printable(target.name), 'strong');
	const version = span(target.version === undefined ? '' : ` ${printable(target.version)}`, 'strong');
	const kind = span(target.kind === 'built-in' ? '' : ` ${target.kind}`, 'accent');
	const address = span(` ${printable(target.url.replace(/^redis:\/\/|\/0$/g, ''))}`, 'dim');
	return [[name, version, kind, address], [name, version, kind], [name, kind], [name]];
}

type TabsSize = 'wide' | 'tight' | 'digits';

/** The views with their digits. The tightest form names only the current one. */
function tabs(view: ViewName, size: TabsSize): Row {
	return viewNames.flatMap((name, index): Row => {
		const title = viewTitles[name];
		if (name === view) return [span(` ${index + 1} ${title} `, 'selected'), ...(size === 'tight' ? [] : [span(' ')])];
		const words = {wide: ` ${title} `, tight: ` ${title}`, digits: ' '}[size];
		return [span(` ${index + 1}`, 'keystroke'), span(words, 'dim')];
	});
}

type FiguresSize = 'full' | 'short';

/** The figures of a server, as the panels of its overview show them. */
function serverFigures({latest, recent: last}: ActivitySnapshot, isFull: boolean): Row {
	// An idle server has no hits and no latency.
	const figure = (value: string, cells: number) => span(padStart(value === noData ? '-' : value, cells), 'strong');
	return [
		...(isFull
			? [figure(formatCount(latest && perSecond(latest.commands, latest)), 7), span(' commands/s', 'dim')]
			: []),
		span(isFull ? '  hit ' : ' hit', 'dim'),
		figure(formatPercent(last && keyspaceHitRatio(last)), 7),
		span('  p99 ', 'dim'),
		figure(formatLatency(latest?.latency.p99 ?? latest?.latency.mean), 7),
		span(' '),
	];
}

function figures(state: StoreState, size: FiguresSize): Row {
	const {snapshot} = state;
	if (!snapshot) return [];
	if (snapshot.source === 'server') return serverFigures(snapshot.activity, size === 'full');
	const {workload, server} = snapshot;
	const lastSecond = recent(state, 1);
	const isOurTraffic = workload.running || (lastSecond?.calls ?? 0) > 0;
	const rate = isOurTraffic ? callRateOf(lastSecond) : server?.opsPerSecond;
	const isFull = size === 'full';
	const figure = (value: string, cells: number, unit: string): Row => [
		span(padStart(value, cells), 'strong'),
		span(unit, 'dim'),
	];
	return [
		...(isFull ? figure(formatCount(rate), 6, isOurTraffic ? ' calls/s' : ' server ops/s') : []),
		span(isFull ? '  hit ' : ' hit ', 'dim'),
		span(padStart(formatPercent(hitRatioOf(recent(state, 10))), 7), 'strong'),
		span('  p99 ', 'dim'),
		span(padStart(formatLatency(currentLatency(snapshot).p99), 7), 'strong'),
		...(isFull && workload.calls > 0
			? [
					span('  wrong reads ', 'dim'),
					span(padStart(formatCount(workload.wrongReads), 3), workload.wrongReads > 0 ? 'bad' : 'strong'),
				]
			: []),
		span(' '),
	];
}

/** The names of the views are shortened after the figures, which the panels show as well. */
const wordings = [
	['wide', 'full'],
	['tight', 'full'],
	['wide', 'short'],
	['tight', 'short'],
] as const satisfies readonly (readonly [TabsSize, FiguresSize])[];

/** The words of the header that come from the engine. */
type Words = {
	readonly mode: Row;
	readonly targets: readonly Row[];
	readonly badges: readonly Row[];
	readonly figures: Readonly<Record<FiguresSize, Row>>;
};

const wordsOf = (state: StoreState, glyphs: Glyphs): Words => ({
	mode: [...connectionRow(state), ...modeRow(state, glyphs)],
	targets: targetRows(state),
	badges: badges(state, glyphs),
	figures: {full: figures(state, 'full'), short: figures(state, 'short')},
});

function navigationRow(words: Words, view: ViewName, width: number): Row {
	for (const [names, size] of wordings) {
		const [left, right] = [tabs(view, names), words.figures[size]];
		if (rowWidth(left) + rowWidth(right) <= width) return spread(left, right, width);
	}
	return spread(tabs(view, 'digits'), words.figures.short, width);
}

function statusRow({mode, targets, badges: all}: Words, width: number): Row {
	const room = width - rowWidth(mode);
	const urgent = joinFitting(all, room);
	const target = targets.find((words) => rowWidth(words) + 1 <= room - rowWidth(urgent)) ?? [];
	return spread([...mode, ...target], urgent, width);
}

/** Mode, server and badges; below them the views and the main figures. */
export function Header() {
	const glyphs = useGlyphs();
	const words = useEngine((state) => wordsOf(state, glyphs), isDeepStrictEqual);
	const view = useUi((ui) => ui.view);
	const draw: Draw = useCallback(
		({width}) => [statusRow(words, width), navigationRow(words, view, width)],
		[words, view],
	);
	return <Raster draw={draw} height={2} />;
}
