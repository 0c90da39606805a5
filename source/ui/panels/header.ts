import {modeStyles} from '../charts/mode-line.js';
import {age, count, latency, percent, shortCount} from '../format.js';
import {type ViewName, viewNames, viewTitles} from '../state/ui-state.js';
import type {StoreState} from '../store.js';
import {printable} from '../text/printable.js';
import {padStart, type Row, rowWidth, span, spread} from '../text/row.js';
import {hitRatioOf} from './hit-ratio.js';
import type {PanelInput} from './panel.js';
import {recent} from './time-frame.js';

const badge = (text: string, style: 'alarm' | 'notice'): Row => [span(` ${text} `, style), span(' ')];

/** What a person must know before anything else, most urgent first. */
function badges(input: PanelInput): Row[] {
	const {state, glyphs} = input;
	const {snapshot, silentMs, pausedAt} = state;
	const list: Row[] = [];
	if (snapshot) {
		const now = snapshot.at;
		const [first, ...more] = snapshot.faults;
		if (first) {
			const left = first.until === undefined ? '' : `, ${age(first.until - now)} left`;
			const others = more.length > 0 ? ` +${more.length}` : '';
			list.push(badge(`SIMULATED OUTAGE ${printable(first.label)}${others} ${age(now - first.since)}${left}`, 'alarm'));
		}
		if (snapshot.workload.wrongReads > 0)
			list.push(badge(`${glyphs.fail} ${shortCount(snapshot.workload.wrongReads)} WRONG READS`, 'alarm'));
		if (snapshot.readOnly) list.push(badge('READ-ONLY', 'notice'));
	}
	if (silentMs !== undefined) list.push(badge(`NO FIGURES for ${age(silentMs)}`, 'alarm'));
	if (pausedAt !== undefined) list.push(badge('PAUSED', 'notice'));
	return list;
}

function fitBadges(list: readonly Row[], width: number): Row {
	const shown: Row[] = [];
	let used = 0;
	for (const item of list) {
		if (used + rowWidth(item) > width) continue;
		used += rowWidth(item);
		shown.push(item);
	}
	return shown.flat();
}

function modeWords(state: StoreState, input: PanelInput): Row {
	const snapshot = state.snapshot;
	if (!snapshot) return [span('starting', 'dim')];
	const {mode, at} = snapshot.cache.mode;
	const word = `${input.glyphs.modes[mode]} ${mode}`;
	return [
		span(` ${word} `, mode === 'connected' ? modeStyles[mode] : mode === 'fallback' ? 'alarm' : 'notice'),
		span(` ${age(snapshot.at - at)}`.padEnd(9), 'dim'),
	];
}

/** What we are connected to, from the longest wording to the shortest. */
function targetWords(state: StoreState): readonly Row[] {
	const target = state.snapshot?.target;
	if (!target) return [];
	const name = span(printable(target.name), 'strong');
	const version = span(target.version === undefined ? '' : ` ${printable(target.version)}`, 'strong');
	const kind = span(target.kind === 'built-in' ? '' : ` ${target.kind}`, 'accent');
	const address = span(` ${printable(target.url.replace(/^redis:\/\/|\/0$/g, ''))}`, 'dim');
	return [[name, version, kind, address], [name, version, kind], [name, kind], [name]];
}

/** From the longest wording to the shortest; the tightest leaves out all words but those of the view that is open. */
function tabs(view: ViewName, size: 'wide' | 'tight' | 'digits'): Row {
	return viewNames.flatMap((name, index): Row => {
		if (name === view)
			return [span(` ${index + 1} ${viewTitles[name]} `, 'selected'), ...(size === 'tight' ? [] : [span(' ')])];
		const words = {wide: ` ${viewTitles[name]} `, tight: ` ${viewTitles[name]}`, digits: ' '}[size];
		return [span(` ${index + 1}`, 'key'), span(words, 'dim')];
	});
}

function figures(input: PanelInput, size: 'full' | 'short'): Row {
	const {state} = input;
	const snapshot = state.snapshot;
	if (!snapshot) return [];
	const lastSecond = recent(input, 1);
	const workload = snapshot.workload;
	const isOurs = workload.running || (lastSecond?.calls ?? 0) > 0;
	const rate = isOurs
		? lastSecond && lastSecond.seconds > 0
			? lastSecond.calls / lastSecond.seconds
			: undefined
		: snapshot.server?.opsPerSecond;
	const now = workload.running ? workload.settle : snapshot.cache.latency.get;
	const wrong = workload.calls > 0 ? workload.wrongReads : undefined;
	const isFull = size === 'full';
	const figure = (value: string, cells: number, unit: string): Row => [
		span(padStart(value, cells), 'strong'),
		span(unit, 'dim'),
	];
	return [
		...(isFull ? figure(count(rate), 6, isOurs ? ' calls/s' : ' server ops/s') : []),
		span(isFull ? '  hit ' : ' hit', 'dim'),
		span(padStart(percent(hitRatioOf(recent(input, 10))), 7), 'strong'),
		span('  p99 ', 'dim'),
		span(padStart(latency(now?.p99), 7), 'strong'),
		// Nothing was counted before there was a workload, and its panel says so.
		...(isFull && wrong !== undefined
			? [span('  wrong reads ', 'dim'), span(padStart(count(wrong), 3), wrong > 0 ? 'bad' : 'strong')]
			: []),
		span(' '),
	];
}

/** The names of the views go before the figures that the panels show as well. */
const wordings = [
	['wide', 'full'],
	['tight', 'full'],
	['wide', 'short'],
	['tight', 'short'],
] as const;

function secondLine(input: PanelInput, view: ViewName, width: number): Row {
	for (const [names, size] of wordings) {
		const [left, right] = [tabs(view, names), figures(input, size)];
		if (rowWidth(left) + rowWidth(right) <= width) return spread(left, right, width);
	}
	return spread(tabs(view, 'digits'), figures(input, 'short'), width);
}

/** The two lines at the top: what it is and how it is, where we are and how much goes on. */
export function drawHeader(input: PanelInput, view: ViewName, width: number): Row[] {
	const {state} = input;
	const mode = modeWords(state, input);
	const room = width - rowWidth(mode);
	const urgent = fitBadges(badges(input), room);
	const target = targetWords(state).find((words) => rowWidth(words) + 1 <= room - rowWidth(urgent)) ?? [];
	return [spread([...mode, ...target], urgent, width), secondLine(input, view, width)];
}
