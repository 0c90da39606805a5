import {area} from '../charts/area.js';
import {bar} from '../charts/bar.js';
import {niceMax} from '../charts/scale.js';
import {labelRow} from '../charts/time-axis.js';
import {bytes, count, noData, shortCount} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {padEnd, padStart, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import type {Panel, PanelInput} from './panel.js';
import {samplesOf} from './time-frame.js';

function gauge(name: string, share: number, style: StyleName, words: string, width: number, glyphs: Glyphs): Row {
	const wordsWidth = 16;
	return [
		span(padEnd(name, 9), 'dim'),
		...bar(share, Math.max(3, width - 10 - wordsWidth), glyphs, style),
		span(` ${padStart(words, wordsWidth)}`),
	];
}

/** The journal over time, as blocks, for the rows that are left. */
function pastRows(input: PanelInput, width: number, room: number): Row[] {
	const {state, glyphs} = input;
	const columns = Math.max(1, width - 9);
	const {samples, end, windowSeconds} = samplesOf(input, columns);
	const values = samples.map((sample) => sample?.journal);
	const max = niceMax(Math.max(0, ...values.map((value) => value ?? 0)));
	const frame = {from: end - windowSeconds * 1000, to: end};
	const gap: Row[] = room >= 5 ? [[]] : [];
	const height = Math.min(room - 1 - gap.length, 8);
	const rows = area(values, {height, max, style: 'warn', outages: state.outages, frame, glyphs});
	return [
		...gap,
		...rows.map(
			(row, y): Row => [
				span(
					padEnd(y === 0 ? `${padStart(shortCount(max), 8)}` : y === height - 1 ? padStart('0 keys', 8) : '', 9),
					'dim',
				),
				...row,
			],
		),
		[span(' '.repeat(9)), ...labelRow(windowSeconds, columns)],
	];
}

const coherence = {
	tracking: 'Redis tells of each change',
	ttl: 'by short TTLs only',
	off: 'off',
} as const;

export const tiersPanel: Panel = {
	id: 'tiers',
	title: 'Journal and memory',
	explain: {
		shows:
			'The journal: keys whose state in Redis is not known to be ours, because a write or delete did not reach it for sure. And the memory tier: entries kept in this process.',
		source: 'The cache. "most" is the largest size the journal ever had, "reconciled" how many keys it has settled.',
		normal:
			'The journal is empty while connected, grows in an outage with each write and delete, and empties in one go on recovery. If it overflows, the whole namespace is invalidated instead: safe, but every entry becomes a miss.',
	},
	draw(input, width, height) {
		const {state, glyphs} = input;
		const cache = state.snapshot?.cache;
		if (!cache) return {rows: [[span(noData, 'dim')]]};
		const {journal, memory} = cache;
		const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
		const journalShare = share(journal.size, journal.limit);
		const rows: Row[] = [
			gauge(
				'journal',
				journalShare,
				journalShare > 0.5 ? 'bad' : 'warn',
				`${shortCount(journal.size)} / ${shortCount(journal.limit)} keys`,
				width,
				glyphs,
			),
			gauge(
				'memory',
				share(memory.entries, memory.maxEntries),
				'memory',
				`${shortCount(memory.entries)} / ${shortCount(memory.maxEntries)}`,
				width,
				glyphs,
			),
			gauge(
				'bytes',
				share(memory.bytes, memory.maxBytes),
				'memory',
				`${bytes(memory.bytes)} / ${bytes(memory.maxBytes)}`,
				width,
				glyphs,
			),
			[
				span(padEnd('in step', 9), 'dim'),
				span(coherence[memory.coherence], memory.coherence === 'ttl' ? 'warn' : 'text'),
			],
			[
				span(padEnd('', 9)),
				span(`most ${count(journal.max)}, reconciled ${count(journal.reconciled)}`),
				...(journal.overflowed > 0 ? [span(`, overflowed ${count(journal.overflowed)}${glyphs.times}`, 'bad')] : []),
			],
		];
		// When rows are few, the history of the journal says more than the memory tier's bytes.
		const order = height >= 5 ? [0, 4, 1, 2, 3] : height >= 4 ? [0, 4, 1, 3] : [0, 1, 4];
		const words = order.slice(0, height).flatMap((index) => rows.slice(index, index + 1));
		const room = height - words.length;
		return {rows: [...words, ...(room >= 3 ? pastRows(input, width, room) : [])]};
	},
};
