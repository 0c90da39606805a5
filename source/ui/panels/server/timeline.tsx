import {useCallback, useMemo} from 'react';
import type {ActivitySnapshot} from '../../../engine/protocol.js';
import type {Mode} from '../../../metrics/snapshot.js';
import {formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {Canvas} from '../../charts/canvas.js';
import {axisRow, columnsOf, labelRow} from '../../charts/time-axis.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {useTimeFrame} from '../../hooks/use-time-frame.js';
import {type Level, verdictStyles} from '../../rows/verdict-marks.js';
import {samplesOf, type TimeFrame} from '../../store/time-frame.js';
import {padEnd, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

/** Cells of the names of the lines. */
const nameWidth = 8;

/** The heights of the time line, as for the modes of a cache: a worse state is taller. */
const heights: Readonly<Record<Exclude<Level, 'unknown'>, Mode>> = {
	fine: 'connected',
	warn: 'recovering',
	bad: 'fallback',
};

/** The worst state in each column. */
export function levelLine(frame: TimeFrame, columns: number, glyphs: Glyphs): Row {
	const canvas = new Canvas(columns, 1);
	for (const [column, sample] of samplesOf(frame, columns).entries()) {
		const level = sample?.level ?? 'unknown';
		if (level !== 'unknown') canvas.put(column, 0, glyphs.modeLevels[heights[level]], verdictStyles[level]);
	}
	return canvas.row(0);
}

/** A mark for each change, with its text where there is room. */
function changeLine(changes: ActivitySnapshot['changes'], frame: TimeFrame, columns: number, glyphs: Glyphs): Row {
	const canvas = new Canvas(columns, 1);
	for (const [index, {at, text}] of changes.entries()) {
		const column = columnsOf({from: at, to: at}, frame, columns)?.[0];
		if (column === undefined) continue;
		const next = changes[index + 1];
		const end = (next && columnsOf({from: next.at, to: next.at}, frame, columns)?.[0]) ?? columns;
		canvas.put(column, 0, glyphs.pointer, 'warn');
		const words = ` ${printable(text)}`;
		if (words.length < end - column - 1) canvas.write(column + 1, 0, words, 'text');
	}
	return canvas.row(0);
}

const changeRow = ({at, text, level}: ActivitySnapshot['changes'][number]): Row => [
	span(`${formatTimeOfDay(at)}  `, 'dim'),
	span(printable(text), level === 'warn' ? 'warn' : 'text'),
];

function TimelinePanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const frame = useTimeFrame();
	const changes = useEngine(
		({snapshot}) => snapshot?.activity.changes,
		(before, after) => before?.length === after?.length && before?.at(-1)?.at === after?.at(-1)?.at,
	);
	const draw: Draw = useCallback(
		({width, height}) => {
			const columns = Math.max(1, width - nameWidth);
			const name = (text: string) => span(padEnd(text, nameWidth), 'dim');
			const newest = changes?.at(-1);
			const lines: Row[] = [
				[name('state'), ...levelLine(frame, columns, glyphs)],
				[name('changes'), ...changeLine(changes ?? [], frame, columns, glyphs)],
				...(height >= 5 ? [[name(''), ...axisRow(frame, columns, [], glyphs)]] : []),
				[name(''), ...labelRow(frame, columns)],
				[name('latest'), ...(newest ? changeRow(newest) : [span('no change since this program connected', 'dim')])],
			];
			if (height < lines.length + 3) return lines;
			return [...lines, [], [span('Changes', 'title')], ...[...(changes ?? [])].reverse().map(changeRow)];
		},
		[glyphs, frame, changes],
	);
	const notes = useMemo(
		() => (changes && changes.length > 0 ? [[span(formatCountOf(changes.length, 'change'), 'dim')]] : []),
		[changes],
	);
	return (
		<Panel title={timeline.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const timeline: PanelEntry = {
	title: 'State and changes',
	component: TimelinePanel,
	explain: {
		shows:
			'The state of the server over the same time as the charts: a low line without problems, a half block for a warning, a full block while applications get errors or no answers. Below, changes: restarts, failovers, settings, FLUSHALL, reset statistics, replicas and masters that come and go, surges of clients (50 % above the usual number, at least 50). Enlarged, the panel lists all changes.',
		source: 'The panel "What is the matter", and the differences of successive INFO replies, once a second.',
		normal: 'A low line, and only changes that you made.',
	},
};
