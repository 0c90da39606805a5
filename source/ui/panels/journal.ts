import {lineChart, plotColumns} from '../charts/line-chart.js';
import {countScale, niceMax} from '../charts/scale.js';
import {count, tickOf} from '../format.js';
import {span} from '../text/row.js';
import type {Panel} from './panel.js';
import {samplesOf} from './time-frame.js';

export const journalPanel: Panel = {
	id: 'journal',
	title: 'Journal over time',
	explain: {
		shows:
			'Keys whose state in Redis is not known to be ours, over time: changes that did not reach Redis for sure. The most in each column.',
		source: 'The journal of the cache, in each snapshot. The axis grows in steps of 1, 2, 5.',
		normal:
			'Nothing while connected. A slope in an outage, as steep as the application writes; straight down to nothing on recovery. A journal that does not empty means that Redis refuses the reconciliation: look at the log.',
	},
	draw(input, width, height) {
		const {samples, end, windowSeconds} = samplesOf(input, plotColumns(width));
		const {glyphs, state} = input;
		const values = samples.map((sample) => sample?.journal);
		const most = Math.max(0, ...values.map((value) => value ?? 0));
		const journal = state.snapshot?.cache.journal;
		return {
			rows: lineChart([{values, style: 'warn', shape: 0}], {
				width,
				height,
				scale: countScale(niceMax(most), tickOf),
				windowSeconds,
				end,
				outages: state.outages,
				glyphs,
			}),
			...(journal && {
				notes: [
					[
						span(`${count(journal.size).padStart(6)} keys`, journal.size > 0 ? 'warn' : 'good'),
						span(`  most ${count(journal.max)} of ${count(journal.limit)}`, 'dim'),
					],
				],
			}),
		};
	},
};
