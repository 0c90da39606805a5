import {useMemo} from 'react';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {Panel} from '../../components/panel.js';
import {Scroll} from '../../components/scroll.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {filterRow} from '../../rows/filter-row.js';
import {elementNotes, factRows, valueRows} from '../../rows/keys/key-facts.js';
import {isEmpty} from '../../state/filter.js';
import type {Row} from '../../text/row.js';

/** Caches the rows of a value for the last width: they change less often than the facts, which contain ages. */
function rememberRows(rowsAt: (width: number) => readonly Row[]): (width: number) => readonly Row[] {
	let last: {readonly width: number; readonly rows: readonly Row[]} | undefined;
	return (width) => {
		if (last?.width !== width) last = {width, rows: rowsAt(width)};
		return last.rows;
	};
}

/** The open key: its metadata and its value. */
export function KeyValue() {
	const open = useUi(({keys}) => keys.open);
	const second = useEngine(({snapshot}) => Math.floor((snapshot?.at ?? Date.now()) / 1000));
	const value = useMemo(() => rememberRows((width) => (open ? valueRows(open, width) : [])), [open]);
	const lines = useMemo(
		() => (width: number) => {
			const cells = Math.max(10, width);
			return open ? [...factRows(open, cells, second * 1000), ...value(cells)] : [];
		},
		[open, value, second],
	);
	const notes = useMemo(() => (open ? elementNotes(open) : []), [open]);
	const search = useMemo(() => {
		if (!open || (isEmpty(open.filter) && !open.filter.isTyping)) return [];
		return [filterRow(open.filter, '')];
	}, [open]);
	return (
		<Panel title={printable(open?.key ?? '')} notes={notes} isFocused>
			<Lines rows={search} />
			<Scroll lines={lines} top={open?.top ?? 0} scope="key-value" />
		</Panel>
	);
}
