import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import type {ReportColumn, ReportRow} from '../../../inspect/server/reports/report.js';
import {formatAge} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {type Draw, Raster} from '../../components/raster.js';
import {Words} from '../../components/words.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {filterRow} from '../../rows/filter-row.js';
import {isEmpty} from '../../state/filter.js';
import {reportRows, type ServerState, type ServerTab, tabTitles} from '../../state/views/server-state.js';
import {type Column, tableRows} from '../../text/columns.js';
import {type Row, type Span, span} from '../../text/row.js';
import {wrapCells, wrapWords} from '../../text/wrap.js';
import type {StyleName} from '../../theme.js';
import {ServerPanel} from './server-panel.js';

/** Rows of a report that are left, however small the terminal. */
const fewestRows = 5;

/** Lines below the report for the cells of the selected row that are cut or left out. */
const fullRows = 2;

const styles: Readonly<Record<ReportRow['level'], StyleName>> = {
	plain: 'text',
	dim: 'dim',
	warn: 'warn',
	bad: 'bad',
	title: 'title',
};

const columnsOf = (columns: readonly ReportColumn[]): readonly Column<ReportRow>[] =>
	columns.map((column, index) => ({
		...column,
		cell: ({cells, level}) => span(printable(cells[index] ?? ''), styles[level]),
	}));

/** A row that needs attention has a mark, so that it does not depend on color. */
const markOf = ({level}: ReportRow) => (level === 'warn' || level === 'bad' ? span('! ', styles[level]) : span('  '));

/** The text for a report without rows. */
const emptyReports: Readonly<Partial<Record<ServerTab, string>>> = {
	slowlog: 'no entry: no command was slow enough, or the log was reset or is off',
	clients: 'no connection of an application',
	hotkeys: 'no key was counted',
};

function emptyWords({load, tab, filter}: ServerState): Span {
	if (load.kind === 'failed') return span(printable(load.message), 'bad');
	if (load.kind !== 'loaded') return span(`reading: ${tabTitles[tab].toLowerCase()}`, 'dim');
	if (load.report.rows.length > 0 && !isEmpty(filter)) return span('no row matches the filter', 'dim');
	return span(emptyReports[tab] ?? 'no rows', 'dim');
}

/** The age of a report; for one that is refreshed periodically, only if refreshing fails. */
function ageNotes(
	rows: number,
	everySeconds: number | undefined,
	failure: string | undefined,
	ago: string | undefined,
): readonly Row[] {
	if (ago === undefined) return [];
	const isLive = everySeconds !== undefined && failure === undefined;
	const words = isLive ? `every ${everySeconds} s` : `read ${ago} ago`;
	const style = failure === undefined ? 'dim' : 'warn';
	return [[span(`${formatCountOf(rows, 'row')}, `, 'dim'), span(words, style)], [span(words, style)]];
}

/** The cells of a row that are cut or left out, in words. */
function hiddenRows(item: ReportRow, columns: readonly Column<ReportRow>[], width: number): readonly Row[] {
	if (item.level === 'title') return [];
	const hidden = tableRows(columns, width - 4).hidden(item);
	const words = hidden.flatMap((column) => {
		const cell = column.cell(item, width);
		const text = 'text' in cell ? cell.text : '';
		return text === '' ? [] : [`${column.title.toLowerCase()} ${text}`];
	});
	const lines = wrapWords(words.join(', '), width - 4).flatMap((line) => wrapCells(line, width - 4));
	return lines.slice(0, fullRows).map((line) => [span(`    ${line}`, 'dim')]);
}

/** A report of the server as a table. */
export function ReportTab() {
	const server = useUi((ui) => ui.server);
	const {load, filter, selected} = server;
	const rows = useMemo(() => reportRows(server), [server]);
	const report = load.kind === 'loaded' ? load.report : undefined;
	const readAt = load.kind === 'loaded' ? load.at : undefined;
	const ago = useEngine(({snapshot}) =>
		readAt === undefined || !snapshot ? undefined : formatAge(Date.now() - readAt),
	);
	const columns = useMemo(() => columnsOf(report?.columns ?? []), [report]);
	const head: Draw = useCallback(({width}) => [[span('    '), ...tableRows(columns, width - 4).head]], [columns]);
	const row = useMemo(
		() =>
			(index: number, width: number): Row => {
				const item = rows[index];
				if (!item) return [];
				if (item.level === 'title') return [span(printable(item.cells[0] ?? ''), 'title')];
				return [markOf(item), ...tableRows(columns, width - 2).row(item)];
			},
		[columns, rows],
	);
	const failure = load.kind === 'loaded' ? load.failure : undefined;
	const notes = useMemo(() => ageNotes(rows.length, report?.everySeconds, failure, ago), [rows, report, failure, ago]);
	const filterLine = useMemo(() => [filterRow(filter, '/ filters the rows by words   r reads again')], [filter]);
	const selectedRow = rows[Math.min(selected, rows.length - 1)];
	const inFull: Draw = useCallback(
		({width}) => (selectedRow ? hiddenRows(selectedRow, columns, width) : []),
		[selectedRow, columns],
	);
	return (
		<ServerPanel notes={notes}>
			{report?.notes.map((note) => (
				<Box key={note} flexShrink={0}>
					<Words style="dim">{printable(note)}</Words>
				</Box>
			))}
			{failure !== undefined && (
				<Box flexShrink={0}>
					<Words style="bad">{printable(failure)}</Words>
				</Box>
			)}
			<Lines rows={filterLine} />
			{columns.length > 0 && <Raster draw={head} height={1} />}
			<Box flexGrow={1} flexShrink={0} flexBasis={fewestRows}>
				<List
					count={rows.length}
					selected={Math.min(selected, rows.length - 1)}
					row={row}
					empty={emptyWords(server)}
					scope="server"
				/>
			</Box>
			<Raster draw={inFull} height={fullRows} />
		</ServerPanel>
	);
}
