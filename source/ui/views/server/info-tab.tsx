import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import type {ServerSnapshot} from '../../../engine/protocol.js';
import {formatAge} from '../../../text/duration.js';
import {noData} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Gap} from '../../components/gap.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {type Draw, Raster} from '../../components/raster.js';
import {Words} from '../../components/words.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {tapWords} from '../../rows/application/application-state.js';
import {filterRow} from '../../rows/filter-row.js';
import {fieldMeanings} from '../../rows/info-fields.js';
import {factNamesOf, factWidth, mostFactColumns, serverFacts, serverOldMs} from '../../rows/server-facts.js';
import {type ServerLine, serverLines} from '../../state/views/server-lines.js';
import {padEnd, type Row, span} from '../../text/row.js';

import {ServerPanel} from './server-panel.js';

/** From this width on INFO has two columns. */
const wideWidth = 150;

const nameWidth = 30;
const meaningWidth = 33;

/** From this width on the meanings of fields are shown. */
const meaningsFrom = 72;

/** Rows of INFO that are left, however small the terminal. */
const fewestRows = 5;

function lineRow(line: ServerLine, width: number): Row {
	if (line.kind === 'section') return [span(printable(line.name.toUpperCase()), 'title')];
	const meaning = width >= meaningsFrom ? fieldMeanings[line.name] : undefined;
	const left = width - nameWidth - 2 - (meaning ? meaningWidth + 1 : 0);
	const valueWidth = Math.max(10, meaning ? Math.min(26, left) : left);
	return [
		span(`${padEnd(printable(line.name), nameWidth)} `, 'dim'),
		span(padEnd(printable(line.value), valueWidth)),
		...(meaning ? [span(` ${meaning}`, 'dim')] : []),
	];
}

/**
 * The most important figures. Empty boxes of the same size, which wrap like the figures, determine the height of the picture at
 * the width of the box.
 */
function Facts({server}: {readonly server: ServerSnapshot}) {
	const spreadMs = useEngine(({snapshot}) => snapshot?.cache.clockSpreadMs);
	const draw: Draw = useCallback(({width, height}) => serverFacts(server, width, height, spreadMs), [server, spreadMs]);
	return (
		<Box flexShrink={1} overflowY="hidden">
			<Box flexWrap="wrap" width={factWidth * mostFactColumns} flexShrink={1}>
				{factNamesOf(spreadMs).map((name) => (
					<Box key={name} width={factWidth} height={1} flexShrink={0} />
				))}
			</Box>
			<Box position="absolute" width="100%" height="100%">
				<Raster draw={draw} />
			</Box>
		</Box>
	);
}

const columnsAt = (width: number) => (width >= wideWidth ? 2 : 1);

/** INFO with the meaning of its main fields, below the most important figures. */
export function InfoTab() {
	const {selected, filter} = useUi((ui) => ui.server);
	const data = useEngine(
		({snapshot}) => snapshot?.server,
		(before, after) => before?.at === after?.at,
	);
	const ageMs = useEngine(({snapshot}) =>
		snapshot?.server ? Math.floor((snapshot.at - snapshot.server.at) / 1000) * 1000 : undefined,
	);
	const url = useEngine(({snapshot}) => snapshot && (snapshot.privateUrl ?? snapshot.target.url));
	const tap = useEngine(({snapshot}) => snapshot?.application && tapWords(snapshot.application));
	const lines = useMemo(() => serverLines(data, filter), [data, filter]);
	const row = useMemo(
		() =>
			(index: number, width: number): Row => {
				const line = lines[index];
				return line ? lineRow(line, width) : [];
			},
		[lines],
	);
	const notes = useMemo((): readonly Row[] => {
		if (ageMs === undefined) return [];
		const isOld = ageMs > serverOldMs;
		return [[span(isOld ? `${formatAge(ageMs)} old` : `read ${formatAge(ageMs)} ago`, isOld ? 'warn' : 'dim')]];
	}, [ageMs]);
	const isCluster = data?.info.cluster?.cluster_size !== undefined;
	const filterLine = useMemo(
		() => [
			filterRow(
				filter,
				isCluster
					? '/ filters INFO by words. Counts are of all masters, the rest of the first'
					: '/ filters INFO by words',
			),
		],
		[filter, isCluster],
	);
	const empty = data ? 'no field matches the filter' : `${noData}: the server has not answered yet`;
	return (
		<ServerPanel notes={notes}>
			{tap !== undefined && (
				<Box flexShrink={0}>
					<Words>{`tap         ${printable(tap)}`}</Words>
				</Box>
			)}
			{url !== undefined && (
				<Box flexShrink={0}>
					<Words>{`url         ${printable(url)}`}</Words>
				</Box>
			)}
			{data && <Facts server={data} />}
			{data && <Gap />}
			<Lines rows={filterLine} />
			<Box flexGrow={1} flexShrink={0} flexBasis={fewestRows}>
				<List
					count={lines.length}
					selected={Math.min(selected, lines.length - 1)}
					row={row}
					empty={span(empty, 'dim')}
					columns={columnsAt}
					scope="server"
				/>
			</Box>
		</ServerPanel>
	);
}
