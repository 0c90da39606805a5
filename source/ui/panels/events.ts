import type {EngineEvent, EngineEventLevel} from '../../engine/protocol.js';
import type {ModeChange} from '../../metrics/snapshot.js';
import {clock, clockMs, count, duration} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import type {StoreState} from '../store.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, rowWidth, span, truncate} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import type {StyleName} from '../theme.js';
import type {Panel} from './panel.js';

export const levelStyles: Readonly<Record<EngineEventLevel, StyleName>> = {
	debug: 'dim',
	info: 'text',
	warn: 'warn',
	error: 'bad',
};

const levelWords: Readonly<Record<EngineEventLevel, string>> = {
	debug: 'debug',
	info: 'info',
	warn: 'WARN',
	error: 'ERROR',
};

const marks = {debug: 'dot', info: 'dot', warn: 'warn', error: 'fail'} as const;

function markOf(level: EngineEventLevel, glyphs: Glyphs): string {
	const mark = marks[level];
	return mark === 'warn' ? glyphs.modes.fallback : glyphs[mark];
}

/** The pool speaks to Redis through a port of ours that means nothing to anybody. */
const withoutPorts = (text: string) =>
	text.replaceAll(/(onnect(?:ion|ing)? to|sent to) rediss?:\/\/\S+?(?=[\s:,]*(?:\s|$))/g, '$1 Redis');

/** One event as one line: when, how bad, about what, what; repeats as a count and how long they went on. */
export function eventRow(event: EngineEvent, glyphs: Glyphs, width: number): Row {
	const style = levelStyles[event.level];
	const lasted = event.lastAt - event.at;
	const repeats =
		event.count > 1 ? `${glyphs.times}${count(event.count)}${lasted >= 1000 ? ` in ${duration(lasted)}` : ''} ` : '';
	const isNarrow = width < 64;
	const head: Row = [
		span(`${clock(event.at)} `, 'dim'),
		span(isNarrow ? `${markOf(event.level, glyphs)} ` : `${padEnd(levelWords[event.level], 5)} `, style),
		span(isNarrow ? '' : `${padEnd(event.topic, 8)} `, 'dim'),
		span(repeats, 'accent'),
	];
	return [
		...head,
		span(truncate(printable(withoutPorts(event.text)), Math.max(1, width - rowWidth(head)), glyphs.ellipsis), style),
	];
}

/** An event in full, as lines of at most `width` cells. */
export function eventLines(event: EngineEvent, width: number): readonly string[] {
	const lasted = event.lastAt - event.at;
	return [
		`${clockMs(event.at)}  ${levelWords[event.level]}  ${event.topic}`,
		...(event.count > 1
			? [
					`${count(event.count)} times${lasted >= 1000 ? ` in ${duration(lasted)}, the last at ${clockMs(event.lastAt)}` : ''}`,
				]
			: []),
		' ',
		...wrapWords(printable(event.text), width),
	];
}

/** Errors this soon before fallback are what led to it. */
const leadMs = 1500;

/** Stretches without Redis, with what led to them. */
function stretchesAway(modes: readonly ModeChange[]): {readonly from: number; to: number}[] {
	const stretches: {readonly from: number; to: number}[] = [];
	for (const [index, {mode, at}] of modes.entries()) {
		if (mode === 'connected') continue;
		const to = modes[index + 1]?.at ?? Number.POSITIVE_INFINITY;
		const last = stretches.at(-1);
		if (last?.to === at) last.to = to;
		else stretches.push({from: at - leadMs, to});
	}
	return stretches;
}

/**
 * What is told of the log: no debug, and the errors of commands while Redis was away as one line for each time, so that
 * an outage and its end stay on the screen.
 */
export function notable({log, modes}: Pick<StoreState, 'log' | 'modes'>): readonly EngineEvent[] {
	const away = stretchesAway(modes);
	const events: EngineEvent[] = [];
	/** Where the line of a stretch is. */
	const lines = new Map<number, number>();
	for (const event of log) {
		if (event.level === 'debug') continue;
		const isCommand = event.topic === 'error' && event.level === 'warn';
		const stretch = isCommand ? away.findLastIndex(({from, to}) => event.at >= from && event.at <= to) : -1;
		const line = lines.get(stretch);
		const told = line === undefined ? undefined : events[line];
		if (stretch < 0) {
			events.push(event);
		} else if (line !== undefined && told) {
			events[line] = {...told, count: told.count + event.count, lastAt: Math.max(told.lastAt, event.lastAt)};
		} else {
			lines.set(stretch, events.length);
			events.push({...event, text: 'commands failed, Redis was away (level debug shows each)'});
		}
	}
	return events;
}

export const eventsPanel: Panel = {
	id: 'events',
	title: 'Events',
	explain: {
		shows:
			'The latest events, newest last. Repeats are folded into one line with a count, and so are the errors of commands while Redis is away. View 6 has more of them, with a filter; at level debug, all.',
		source: 'The engine: mode changes, faults, the pool, the journal, commands, the server.',
		normal: 'Quiet. Lines appear when something changes.',
	},
	draw({state, glyphs}, width, height) {
		const events = notable(state).slice(-height);
		if (events.length === 0) return {rows: [[span('nothing has happened yet', 'dim')]]};
		return {rows: events.map((event) => eventRow(event, glyphs, width))};
	},
};
