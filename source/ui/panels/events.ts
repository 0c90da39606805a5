import type {EngineEvent, EngineEventLevel} from '../../engine/protocol.js';
import {clock, count, duration} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, rowWidth, span, truncate} from '../text/row.js';
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
	return [...head, span(truncate(printable(event.text), Math.max(1, width - rowWidth(head)), glyphs.ellipsis), style)];
}

export const eventsPanel: Panel = {
	id: 'events',
	title: 'Events',
	explain: {
		shows:
			'The latest events, newest last. Repeats are folded into one line with a count. View 6 has all of them, with a filter.',
		source: 'The engine: mode changes, faults, the pool, the journal, commands, the server.',
		normal: 'Quiet. Lines appear when something changes.',
	},
	draw({state, glyphs}, width, height) {
		const events = state.log.filter((event) => event.level !== 'debug').slice(-height);
		if (events.length === 0) return {rows: [[span('nothing has happened yet', 'dim')]]};
		return {rows: events.map((event) => eventRow(event, glyphs, width))};
	},
};
