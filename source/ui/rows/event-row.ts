import type {EngineEvent, EngineEventLevel, EngineEventTopic} from '../../engine/protocol.js';
import {formatElapsed} from '../../text/duration.js';
import {formatCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {formatTimeOfDay} from '../../text/time-of-day.js';
import type {Glyphs} from '../glyphs.js';
import {levelWords} from '../state/views/event-text.js';
import {padEnd, type Row, rowWidth, span, truncate} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import type {StyleName} from '../theme.js';

const levelStyles: Readonly<Record<EngineEventLevel, StyleName>> = {
	debug: 'dim',
	info: 'text',
	warn: 'warn',
	error: 'bad',
};

function levelMark(level: EngineEventLevel, glyphs: Glyphs): string {
	switch (level) {
		case 'debug':
		case 'info':
			return glyphs.dot;
		case 'warn':
			return glyphs.modes.fallback;
		case 'error':
			return glyphs.fail;
	}
}

/** Replaces addresses by the word Redis: they are those of the proxy's local port, which would confuse readers. */
const withoutAddresses = (text: string) =>
	text.replaceAll(/(onnect(?:ion|ing)? to|sent to) rediss?:\/\/\S+?(?=[\s:,]*(?:\s|$))/g, '$1 Redis');

/** Cells of the topic. */
const topicWidth = 8;

/** Topics that are longer than their column. */
const topicWords: Readonly<Partial<Record<EngineEventTopic, string>>> = {application: 'app'};

/** Below this width the level is a mark and the topic is left out. */
const narrow = 64;

/** An event: time, level, topic, repetitions, text. The text takes at most `lines` lines. */
function eventRows(event: EngineEvent, glyphs: Glyphs, width: number, lines: number): readonly Row[] {
	const style = levelStyles[event.level];
	const lasted = event.lastAt - event.at;
	const repetitions =
		event.count > 1
			? `${glyphs.times}${formatCount(event.count)}${lasted >= 1000 ? ` in ${formatElapsed(lasted)}` : ''} `
			: '';
	const isNarrow = width < narrow;
	const head: Row = [
		span(`${formatTimeOfDay(event.at)} `, 'dim'),
		span(isNarrow ? `${levelMark(event.level, glyphs)} ` : `${padEnd(levelWords[event.level], 5)} `, style),
		span(isNarrow ? '' : `${padEnd(topicWords[event.topic] ?? event.topic, topicWidth)} `, 'dim'),
		span(repetitions, 'accent'),
	];
	const text = printable(withoutAddresses(event.text));
	const indent = rowWidth(head);
	const textWidth = Math.max(1, width - indent);
	const wrapped = lines === 1 ? [text] : wrapWords(text, textWidth);
	const shown = wrapped.length > lines ? [...wrapped.slice(0, lines - 1), wrapped.slice(lines - 1).join(' ')] : wrapped;
	return shown.map((line, index) => [
		...(index === 0 ? head : [span(' '.repeat(indent))]),
		span(truncate(line, textWidth, glyphs.ellipsis), style),
	]);
}

/** An event in one line. */
export const eventRow = (event: EngineEvent, glyphs: Glyphs, width: number): Row =>
	eventRows(event, glyphs, width, 1).flat();

/** The latest events, newest last. Lines that would stay empty show longer events in full, the newest first. */
export function latestEventRows(events: readonly EngineEvent[], glyphs: Glyphs, width: number, height: number): Row[] {
	const shown = events.slice(-height);
	let spare = height - shown.length;
	return shown
		.toReversed()
		.map((event) => {
			const rows = eventRows(event, glyphs, width, 1 + spare);
			spare -= rows.length - 1;
			return rows;
		})
		.toReversed()
		.flat();
}
