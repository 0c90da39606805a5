import {expect, test} from 'vitest';
import type {EngineEvent} from '../../../source/engine/protocol.js';
import {unicode} from '../../../source/ui/glyphs.js';
import {latestEventRows} from '../../../source/ui/rows/event-row.js';
import {plain} from '../../support/plain-rows.js';

const event = (text: string): EngineEvent => ({
	id: 1,
	at: 0,
	lastAt: 0,
	count: 1,
	level: 'warn',
	topic: 'mode',
	text,
});

const long = event('fallback: 5 failures in a row, the last: GET was not answered within 200 ms');
const short = event('outage: blackhole');

/** Without times, which depend on the time zone. */
const lines = (events: readonly EngineEvent[], height: number, width = 50) =>
	plain(latestEventRows(events, unicode, width, height))
		.split('\n')
		.map((line) => line.slice('00:00:00 '.length));

test('a long event is wrapped onto lines that would stay empty', () => {
	expect(lines([short, long], 4)).toEqual([
		'▲ outage: blackhole',
		'▲ fallback: 5 failures in a row, the',
		'  last: GET was not answered within',
		'  200 ms',
	]);
});

test('no event is left out for another one, and the newest is the one that is shown in full', () => {
	expect(lines([long, short, long], 5)).toEqual([
		'▲ fallback: 5 failures in a row, the las…',
		'▲ outage: blackhole',
		'▲ fallback: 5 failures in a row, the',
		'  last: GET was not answered within',
		'  200 ms',
	]);
	expect(lines([long, short, long], 2)).toEqual(['▲ outage: blackhole', '▲ fallback: 5 failures in a row, the las…']);
});

test('a short event takes one line, and leaves the others to a longer one before it', () => {
	expect(lines([long, short], 4)).toEqual([
		'▲ fallback: 5 failures in a row, the',
		'  last: GET was not answered within',
		'  200 ms',
		'▲ outage: blackhole',
	]);
	expect(lines([short], 4)).toEqual(['▲ outage: blackhole']);
});

test('what does not fit onto the lines that are left is cut at the end', () => {
	expect(lines([long], 2, 30)).toEqual(['▲ fallback: 5', '  failures in a row,…']);
});
