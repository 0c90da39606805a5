import {isDeepStrictEqual} from 'node:util';
import {useCallback, useMemo} from 'react';
import type {EngineSnapshot, WorkloadSnapshot} from '../../../engine/protocol.js';
import {widthOf} from '../../../text/cells.js';
import {formatAge} from '../../../text/duration.js';
import {formatCount, formatPercent, formatShortCount, noData} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {bigNumber} from '../../charts/big-number.js';
import {Canvas} from '../../charts/canvas.js';
import {labelRow, shadeSpans} from '../../charts/time-axis.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {useTimeFrame} from '../../hooks/use-time-frame.js';
import {samplesOf, type TimeFrame} from '../../store/time-frame.js';
import {joinHorizontal, type Row, span} from '../../text/row.js';
import {wrapWords} from '../../text/wrap.js';
import type {PanelEntry, PanelProps} from '../panel.js';

/** The part of the workload that the panel shows. `examples`: with their age in words. */
type Figures = Pick<
	WorkloadSnapshot,
	'running' | 'calls' | 'failedCalls' | 'hungCalls' | 'availability' | 'wrongReads'
> & {
	readonly examples: readonly {readonly key: string; readonly what: string; readonly age: string}[];
};

function figuresOf({workload, at}: EngineSnapshot): Figures {
	const {running, calls, failedCalls, hungCalls, availability, wrongReads: count, wrongReadExamples} = workload;
	const examples = wrongReadExamples.map(({key, got, expected, at: readAt}) => ({
		key,
		what: `got v${got}, expected v${expected}`,
		age: formatAge(at - readAt),
	}));
	return {running, calls, failedCalls, hungCalls, availability, wrongReads: count, examples};
}

type Data = {
	readonly figures: Figures;
	readonly frame: TimeFrame;
	readonly glyphs: Glyphs;
};

function factRows({calls, failedCalls, hungCalls, availability}: Figures): Row[] {
	const style = (value: number): 'text' | 'bad' => (value > 0 ? 'bad' : 'text');
	return [
		[span('calls    ', 'dim'), span(formatCount(calls))],
		[span('failed   ', 'dim'), span(formatCount(failedCalls), style(failedCalls))],
		[span('hung     ', 'dim'), span(formatCount(hungCalls), style(hungCalls))],
		[
			span('in time  ', 'dim'),
			span(calls > 0 ? formatPercent(availability, 3) : noData, style(failedCalls + hungCalls)),
		],
	];
}

/** The latest wrong reads, newest first. */
function exampleRows({examples}: Figures): Row[] {
	return [...examples]
		.reverse()
		.map(({key, what, age}) => [span(`${printable(key)} `, 'strong'), span(what, 'bad'), span(`, ${age} ago`, 'dim')]);
}

/** A time line: a mark where reads were wrong, a dot where they were not, outages shaded. */
function timeRows({frame, glyphs}: Data, width: number): Row[] {
	const canvas = new Canvas(width, 1);
	shadeSpans(canvas, frame.outages, frame, glyphs);
	for (const [x, sample] of samplesOf(frame, width).entries()) {
		if (!sample) continue;
		if (sample.wrongReads > 0) canvas.put(x, 0, glyphs.fail, 'alarm');
		else if (canvas.isBlank(x, 0)) canvas.put(x, 0, glyphs.dot, 'good');
	}
	return [[], canvas.row(0), labelRow(frame, width)];
}

function verdictRow({wrongReads, calls}: Pick<Figures, 'wrongReads' | 'calls'>, glyphs: Glyphs): Row {
	if (wrongReads > 0)
		return [span(` ${glyphs.fail} ${formatShortCount(wrongReads)} WRONG READ${wrongReads === 1 ? '' : 'S'} `, 'alarm')];
	return [span(`${glyphs.pass} none`, 'good'), span(` in ${formatShortCount(calls)} calls`, 'dim')];
}

function wrongReadRows(data: Data, width: number, height: number): Row[] {
	const {figures, glyphs} = data;
	const isAlarm = figures.wrongReads > 0;
	const examples = isAlarm ? exampleRows(figures) : [];
	if (height < 4) return [verdictRow(figures, glyphs), ...(isAlarm ? examples : factRows(figures).slice(1))];
	const number = formatShortCount(figures.wrongReads).replace(/[^\d,]/g, '');
	const digits = bigNumber(number, isAlarm ? 'bad' : 'good', glyphs.name === 'ascii');
	const digitsWidth = widthOf(digits[0]?.[0]?.text ?? '');
	const head = joinHorizontal(
		[
			{
				rows: [...digits, [span(isAlarm ? 'WRONG' : 'wrong', isAlarm ? 'alarm' : 'dim')]],
				width: Math.max(6, digitsWidth),
			},
			{rows: factRows(figures), width: Math.max(8, width - digitsWidth - 4)},
		],
		2,
	);
	const room = height - head.length;
	const line = room >= 3 ? timeRows(data, width) : [];
	return [...head, ...examples.slice(0, Math.max(0, room - line.length)), ...line];
}

function WrongReadsPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const frame = useTimeFrame();
	const figures = useEngine(({snapshot}) => snapshot && figuresOf(snapshot), isDeepStrictEqual);
	const draw: Draw = useCallback(
		({width, height}) => {
			if (!figures) return [[span(noData, 'dim')]];
			if (figures.calls > 0) return wrongReadRows({figures, frame, glyphs}, width, height);
			const why = figures.running ? noData : `${noData}: the workload is off (:workload on)`;
			return wrapWords(why, width).map((line): Row => [span(line, 'dim')]);
		},
		[figures, frame, glyphs],
	);
	const notes = useMemo(() => (figures && figures.calls > 0 ? [verdictRow(figures, glyphs)] : []), [figures, glyphs]);
	return (
		<Panel title={wrongReads.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const wrongReads: PanelEntry = {
	title: 'Wrong reads',
	component: WrongReadsPanel,
	explain: {
		shows:
			'The number of reads since the start that returned a value older than the last acknowledged change of their key, with the latest examples. Next to it: calls that rejected (failed), and calls that did not settle by their deadline (hung). The line at the bottom marks when reads were wrong; outages are shaded.',
		source: 'The workload knows the latest version of each key, and compares each read with it, in every mode.',
		normal: 'Zero, before, during and after every outage. Any other number is a bug in the cache: please report it.',
	},
};
