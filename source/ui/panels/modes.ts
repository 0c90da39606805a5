import type {ModeChange} from '../../metrics/snapshot.js';
import {modeColumns, modeLine, modeStyles, outageLine} from '../charts/mode-line.js';
import {axisRow, labelRow} from '../charts/time-axis.js';
import {age, clock} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {printable} from '../text/printable.js';
import {padEnd, padStart, type Row, span} from '../text/row.js';
import {storyRow} from './outage-story.js';
import type {Panel} from './panel.js';
import {timeOf} from './time-frame.js';

const gutter = 8;

/** The mode changes, newest first: for when the panel has the screen for itself. */
function changeRows(changes: readonly ModeChange[], now: number, glyphs: Glyphs): Row[] {
	return changes
		.map(
			({mode, at, reason}, index): Row => [
				span(`${clock(at)} `, 'dim'),
				span(padEnd(`${glyphs.modes[mode]} ${mode}`, 13), modeStyles[mode]),
				span(`${padStart(age((changes[index + 1]?.at ?? now) - at), 8)}  `),
				span(printable(reason), 'dim'),
			],
		)
		.reverse();
}

export const modesPanel: Panel = {
	id: 'modes',
	title: 'Mode and outages',
	explain: {
		shows:
			'Which mode the cache was in, and which outages were simulated, over the same time as the charts. Low line: connected, Redis is in use. Full block: fallback, nothing waits for Redis. Half block: recovering, the journal is being reconciled before Redis is read again. The last line tells the latest outage: how long, how soon the cache let go of Redis, how soon it was back, what it cost. Enlarged: every change of mode.',
		source: 'The mode changes that the cache reports, and the faults that this program made itself.',
		normal:
			'Connected all the time. An outage turns it to fallback within a fraction of a second; after the outage it recovers and is connected again within a second.',
	},
	draw(input, width, height) {
		const {state, glyphs} = input;
		const columns = Math.max(1, width - gutter);
		const {end, windowSeconds} = timeOf(input);
		const frame = {from: end - windowSeconds * 1000, to: end};
		const label = (text: string) => span(padEnd(text, gutter), 'dim');
		const modes: Row = [label('mode'), ...modeLine(modeColumns(state.modes, columns, frame), glyphs)];
		const outages: Row = [label('outage'), ...outageLine(state.outages, columns, frame, glyphs)];
		const axis: Row[] = [
			[label(''), ...axisRow(windowSeconds, columns, [], frame, glyphs)],
			[label(''), ...labelRow(windowSeconds, columns)],
		];
		const story: Row = [label(state.snapshot?.faults.length ? 'now' : 'latest'), ...storyRow(input, columns)];
		const timeline = [modes, outages, ...axis.slice(height >= 5 ? 0 : 1), story];
		const history =
			height >= timeline.length + 3
				? [[], [span('Changes of mode', 'title')], ...changeRows(state.modes, state.snapshot?.at ?? end, glyphs)]
				: [];
		const mode = state.snapshot?.cache.mode;
		const lasted = mode ? age((state.snapshot?.at ?? 0) - mode.at) : '';
		const words: Row = mode
			? [span(`${glyphs.modes[mode.mode]} ${mode.mode}`, modeStyles[mode.mode]), span(` ${lasted}`)]
			: [];
		return {
			rows: [...timeline, ...history].slice(0, height),
			...(mode && {
				notes: [
					...(mode.reason && mode.mode !== 'connected' ? [[...words, span(`  ${printable(mode.reason)}`, 'dim')]] : []),
					words,
				],
			}),
		};
	},
};
