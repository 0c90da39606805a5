import {modeColumns, modeLine, modeStyles, outageLine} from '../charts/mode-line.js';
import {axisRow, labelRow} from '../charts/time-axis.js';
import {age} from '../format.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, span} from '../text/row.js';
import type {Panel} from './panel.js';
import {timeOf} from './time-frame.js';

const gutter = 8;

export const modesPanel: Panel = {
	id: 'modes',
	title: 'Mode',
	explain: {
		shows:
			'Which mode the cache was in, and which outages were simulated, over the same time as the charts. Low line: connected, Redis is in use. Full block: fallback, nothing waits for Redis. Half block: recovering, the journal is being reconciled before Redis is read again.',
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
		const mode = state.snapshot?.cache.mode;
		const lasted = mode ? age((state.snapshot?.at ?? 0) - mode.at) : '';
		return {
			rows: [modes, outages, ...axis.slice(height >= 4 ? 0 : 1)].slice(0, height),
			...(mode && {
				notes: [
					[
						span(`${glyphs.modes[mode.mode]} ${mode.mode}`, modeStyles[mode.mode]),
						span(` ${lasted}`),
						...(mode.reason && width >= 70 ? [span(`  ${printable(mode.reason)}`, 'dim')] : []),
					],
				],
			}),
		};
	},
};
