import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import type {ReportColumn, ReportRow} from '../../../inspect/server/reports/report.js';
import {formatAge} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {filterRow} from '../../rows/filter-row.js';
import {isEmpty} from '../../state/filter.js';
import {reportRows, type ServerState, tabTitles} from '../../state/views/server-state.js';
import {type Column, tableRows} from '../../text/columns.js';
import {type Row, span} from '../../text/row.js';
import type {StyleName} from '../../theme.js';
import {ServerPanel} from './server-panel.js';

/** Rows of a report that are left, however small the terminal. */
const fewestRows = 5;

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

function emptyRow({load, tab, filter}: ServerState): Row {
	if (load.kind === 'failed') return [span(printable(load.message), 'bad')];
	if (load.kind !== 'loaded') return [span(`reading: ${tabTitles[tab].toLowerCase()}`, 'dim')];
	return [span(load.report.rows.length > 0 && !isEmpty(filter) ? 'no row matches the filter' : 'nothing', 'dim')];
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
	const notes = useMemo(
		(): readonly Row[] =>
			ago === undefined
				? []
				: [[span(`${formatCountOf(rows.length, 'row')}, read ${ago} ago`, 'dim')], [span(`${ago} ago`, 'dim')]],
		[ago, rows.length],
	);
	const above = useMemo(
		() => [
			...(report?.notes ?? []).map((note): Row => [span(printable(note), 'dim')]),
			filterRow(filter, '/ filters the rows by words   r reads again'),
		],
		[report, filter],
	);
	return (
		<ServerPanel notes={notes}>
			<Lines rows={above} />
			{columns.length > 0 && <Raster draw={head} height={1} />}
			<Box flexGrow={1} flexShrink={0} flexBasis={fewestRows}>
				<List
					count={rows.length}
					selected={Math.min(selected, rows.length - 1)}
					row={row}
					empty={emptyRow(server)}
					scope="server"
				/>
			</Box>
		</ServerPanel>
	);
}
