import {useCallback, useMemo} from 'react';
import {formatAge} from '../../text/duration.js';
import {noData} from '../../text/number.js';
import {Lines} from '../components/lines.js';
import {List} from '../components/list.js';
import {Panel} from '../components/panel.js';
import {type Draw, Raster} from '../components/raster.js';
import {useEngine, useScreenSize, useUi} from '../hooks/use-screen.js';
import {filterRow} from '../rows/filter-row.js';
import {fieldMeanings} from '../rows/info-fields.js';
import {factRowCount, serverFacts, serverOldMs} from '../rows/server-facts.js';
import {type ServerLine, serverLines} from '../state/views/server-lines.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, span} from '../text/row.js';
import type {ScreenEntry} from './screen.js';

/** From this width on INFO has two columns. */
const wideWidth = 150;

const nameWidth = 30;
const meaningWidth = 33;

/** From this width on the meanings of fields are shown. */
const meaningsFrom = 72;

/** Rows that are left for the filter and INFO, however small the screen. */
const fewestRows = 6;

function lineRow(line: ServerLine, width: number): Row {
	if (line.kind === 'section') return [span(line.name.toUpperCase(), 'title')];
	const meaning = width >= meaningsFrom ? fieldMeanings[line.name] : undefined;
	const left = width - nameWidth - 2 - (meaning ? meaningWidth + 1 : 0);
	const valueWidth = Math.max(10, meaning ? Math.min(26, left) : left);
	return [
		span(`${padEnd(line.name, nameWidth)} `, 'dim'),
		span(padEnd(printable(line.value), valueWidth)),
		...(meaning ? [span(` ${meaning}`, 'dim')] : []),
	];
}

const columnsAt = (width: number) => (width >= wideWidth ? 2 : 1);

function ServerScreen() {
	const {columns, rows} = useScreenSize();
	const {selected, filter} = useUi((ui) => ui.server);
	const target = useEngine(({snapshot}) => `${snapshot?.target.name ?? ''} ${snapshot?.target.version ?? ''}`.trim());
	const data = useEngine(
		({snapshot}) => snapshot?.server,
		(before, after) => before?.at === after?.at,
	);
	const ageMs = useEngine(({snapshot}) =>
		snapshot?.server ? Math.floor((snapshot.at - snapshot.server.at) / 1000) * 1000 : undefined,
	);
	const lines = useMemo(() => serverLines(data, filter), [data, filter]);
	const row = useMemo(
		() =>
			(index: number, width: number): Row => {
				const line = lines[index];
				return line ? lineRow(line, width) : [];
			},
		[lines],
	);
	const summary: Draw = useCallback(({width, height}) => (data ? serverFacts(data, width, height) : []), [data]);
	const notes = useMemo((): readonly Row[] => {
		if (ageMs === undefined) return [];
		const isOld = ageMs > serverOldMs;
		return [[span(isOld ? `${formatAge(ageMs)} old` : `read ${formatAge(ageMs)} ago`, isOld ? 'warn' : 'dim')]];
	}, [ageMs]);
	const filterLine = useMemo(() => [filterRow(filter, '/ filters INFO by words')], [filter]);
	const empty = data ? 'no field matches the filter' : `${noData}: the server has not answered yet`;
	// Header, footer and border take five rows, the border and its padding four columns.
	const factRows = data ? Math.min(factRowCount(columns - 4), rows - 5 - fewestRows) : 0;
	const hasGap = factRows > 0 && rows - 5 - factRows > fewestRows;
	return (
		<Panel title={target === '' ? 'Server' : `Server: ${target}`} notes={notes}>
			{factRows > 0 && <Raster draw={summary} height={factRows} />}
			{hasGap && <Lines rows={[[]]} />}
			<Lines rows={filterLine} />
			<List
				count={lines.length}
				selected={Math.min(selected, lines.length - 1)}
				row={row}
				empty={[span(empty, 'dim')]}
				columns={columnsAt}
				scope="server"
			/>
		</Panel>
	);
}

export const server: ScreenEntry = {
	component: ServerScreen,
	explain: {
		shows: 'The most important figures of the server, then all of INFO with the meaning of its main fields.',
		source:
			'INFO, read every few seconds over a connection of its own. While Redis is unreachable, the last answer with its age.',
		normal:
			'Used memory below maxmemory, no evictions, no blocked clients, and a fragmentation below 1.5. A maxmemory of 0 means that there is no limit.',
	},
};
