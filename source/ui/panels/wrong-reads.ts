import type {WorkloadSnapshot} from '../../engine/protocol.js';
import {bigNumber} from '../charts/big-number.js';
import {Canvas} from '../charts/canvas.js';
import {columnsOf, labelRow} from '../charts/time-axis.js';
import {age, count, noData, percent, shortCount} from '../format.js';
import {printable} from '../text/printable.js';
import {joinHorizontal, type Row, span, widthOf} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import type {Panel, PanelDrawing, PanelInput} from './panel.js';
import {samplesOf} from './time-frame.js';

function facts(workload: WorkloadSnapshot): Row[] {
	const bad = (value: number): 'text' | 'bad' => (value > 0 ? 'bad' : 'text');
	return [
		[span('calls    ', 'dim'), span(count(workload.calls))],
		[span('failed   ', 'dim'), span(count(workload.failedCalls), bad(workload.failedCalls))],
		[span('hung     ', 'dim'), span(count(workload.hungCalls), bad(workload.hungCalls))],
		[
			span('in time  ', 'dim'),
			span(
				workload.calls > 0 ? percent(workload.availability, 3) : noData,
				bad(workload.failedCalls + workload.hungCalls),
			),
		],
	];
}

function examples(workload: WorkloadSnapshot, at: number): Row[] {
	return [...workload.wrongReadExamples]
		.reverse()
		.map((wrong) => [
			span(`${printable(wrong.key)} `, 'strong'),
			span(`got v${wrong.got}, expected v${wrong.expected}`, 'bad'),
			span(`, ${age(at - wrong.at)} ago`, 'dim'),
		]);
}

/** When there were any: a mark in each such stretch of time, and the outages. */
function timeRows(input: PanelInput, width: number): Row[] {
	const {state, glyphs} = input;
	const {samples, end, windowSeconds} = samplesOf(input, width);
	const frame = {from: end - windowSeconds * 1000, to: end};
	const canvas = new Canvas(width, 1);
	for (const outage of state.outages) {
		const covered = columnsOf(outage, frame, width);
		if (covered) canvas.write(covered[0], 0, glyphs.shade.repeat(covered[1] - covered[0]), 'shade');
	}
	for (const [x, sample] of samples.entries())
		if (sample && (sample.wrongReads > 0 || canvas.isBlank(x, 0)))
			canvas.put(x, 0, sample.wrongReads > 0 ? glyphs.fail : glyphs.dot, sample.wrongReads > 0 ? 'alarm' : 'good');
	return [[], canvas.row(0), labelRow(windowSeconds, width)];
}

function draw(input: PanelInput, width: number, height: number): PanelDrawing {
	const {state, glyphs} = input;
	const snapshot = state.snapshot;
	if (!snapshot) return {rows: [[span(noData, 'dim')]]};
	const {workload, at} = snapshot;
	if (workload.calls === 0) {
		const why = workload.running ? noData : `${noData}: the workload is off (:workload on)`;
		return {rows: wrapWords(why, width).map((line): Row => [span(line, 'dim')])};
	}
	const wrong = workload.wrongReads;
	const isAlarm = wrong > 0;
	const style = isAlarm ? 'bad' : 'good';
	const verdict: Row = isAlarm
		? [span(` ${glyphs.fail} ${shortCount(wrong)} WRONG READ${wrong === 1 ? '' : 'S'} `, 'alarm')]
		: [span(`${glyphs.pass} none`, 'good'), span(` in ${shortCount(workload.calls)} calls`, 'dim')];
	if (height < 4) return {rows: [verdict, ...(isAlarm ? examples(workload, at) : facts(workload).slice(1))]};
	const digits = bigNumber(shortCount(wrong).replace(/[^\d,]/g, ''), style, glyphs.name === 'ascii');
	const digitsWidth = widthOf(digits[0]?.[0]?.text ?? '');
	const top = joinHorizontal(
		[
			{
				rows: [...digits, [span(isAlarm ? 'WRONG' : 'wrong', isAlarm ? 'alarm' : 'dim')]],
				width: Math.max(6, digitsWidth),
			},
			{rows: facts(workload), width: Math.max(8, width - digitsWidth - 4)},
		],
		2,
	);
	const room = height - top.length;
	const line = room >= 3 ? timeRows(input, width) : [];
	return {
		rows: [...top, ...(isAlarm ? examples(workload, at).slice(0, Math.max(0, room - line.length)) : []), ...line],
		notes: [verdict],
	};
}

export const wrongReadsPanel: Panel = {
	id: 'wrong-reads',
	title: 'Wrong reads',
	explain: {
		shows:
			'How many reads returned something older than the last acknowledged change to their key, since the start; with the latest examples. Below it, calls that rejected (failed), and that had not settled by their deadline (hung). The line at the bottom is time: a mark where reads were wrong, outages shaded.',
		source:
			'The workload keeps the truth: an origin with a version for each key. Each read is compared with it, in every mode.',
		normal: 'Zero. Always, through every outage and after it. Anything else is a bug in the cache: please report it.',
	},
	draw,
};
