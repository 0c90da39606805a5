import {useCallback, useMemo} from 'react';
import type {ConnectionSummary} from '../../engine/target/connection.js';
import {widthOf} from '../../text/cells.js';
import {printable} from '../../text/printable.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {List} from '../components/list.js';
import type {ConnectionsState} from '../state/ui-state.js';
import {markOf} from '../text/connection-mark.js';
import {padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';

const mostNameCells = 24;

/** Cells of the text after the URL. */
const factCells = 18;

function itemRow({name, url, color, readOnly, isCurrent}: ConnectionSummary, nameCells: number, width: number): Row {
	const facts = [...(isCurrent ? ['in use'] : []), ...(readOnly ? ['read-only'] : [])].join(', ');
	return [
		span(padEnd(` ${printable(name)} `, nameCells), color === undefined ? 'strong' : markOf(color)),
		span(padEnd(` ${printable(url)}`, Math.max(1, width - nameCells - factCells))),
		span(padEnd(facts, factCells), 'dim'),
	];
}

const none =
	'The configuration file has no connections. Write them as "connections": {"shop": {"url": "redis://…", "color": "red", "readOnly": true}}; redis-cache-tui --print-config shows where it is.';

/** The connections of the configuration file, to switch to one of them. */
export function ConnectionsDialog({connections: {items, selected}}: {readonly connections: ConnectionsState}) {
	const nameCells = Math.min(mostNameCells, Math.max(...items.map(({name}) => widthOf(name) + 2)));
	const row = useCallback(
		(index: number, width: number): Row => {
			const item = items[index];
			return item ? itemRow(item, nameCells, width) : [];
		},
		[items, nameCells],
	);
	const hasNamed = items.length > 1;
	const foot = useMemo(
		() => (width: number) => (hasNamed ? [] : [[], ...wrapWords(none, width).map((line): Row => [span(line, 'dim')])]),
		[hasNamed],
	);
	return (
		<Dialog title="Connections" columns={92}>
			{(width) => (
				<>
					<List count={items.length} selected={selected} row={row} height={items.length} scope="connections" />
					<Lines rows={foot(width)} />
				</>
			)}
		</Dialog>
	);
}
