import {useCallback, useMemo} from 'react';
import type {TapSnapshot} from '../../../engine/protocol.js';
import {formatBytes, formatPercent, formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useApplication} from '../../hooks/use-application.js';
import {type Column, tableRows} from '../../text/columns.js';
import {joinHorizontal, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {followedWords} from './followed-words.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

/** Share of all reads from which on a key is highlighted. */
const hotShare = 0.1;

/** Bytes from which on a value is highlighted. */
const bigBytes = 100 * 1024;

const hotColumns: readonly Column<TapSnapshot['hotKeys'][number]>[] = [
	{title: 'HOT KEY', width: 12, priority: 0, grows: true, cell: ({key}) => span(printable(key))},
	{title: 'READS', width: 5, align: 'right', priority: 2, cell: ({reads}) => span(formatShortCount(reads))},
	{
		title: 'SHARE',
		width: 6,
		align: 'right',
		priority: 1,
		cell: ({share}) => span(formatPercent(share), share >= hotShare ? 'warn' : 'text'),
	},
];

const bigColumns: readonly Column<TapSnapshot['bigValues'][number]>[] = [
	{title: 'BIG VALUE', width: 12, priority: 0, grows: true, cell: ({key}) => span(printable(key))},
	{
		title: 'SIZE',
		width: 8,
		align: 'right',
		priority: 1,
		cell: ({bytes}) => span(formatBytes(bytes), bytes >= bigBytes ? 'warn' : 'text'),
	},
];

/** From this width on both lists are side by side. */
const besideFrom = 48;

const gap = 3;

function tableOf<Item>(columns: readonly Column<Item>[], items: readonly Item[], width: number, height: number): Row[] {
	const {head, row} = tableRows(columns, width);
	return [head, ...items.slice(0, Math.max(0, height - 1)).map(row)];
}

function keyRows({hotKeys, bigValues}: TapSnapshot, width: number, height: number): Row[] {
	if (width >= besideFrom) {
		const left = Math.floor((width - gap) / 2);
		const right = width - gap - left;
		return joinHorizontal(
			[
				{rows: tableOf(hotColumns, hotKeys, left, height), width: left},
				{rows: tableOf(bigColumns, bigValues, right, height), width: right},
			],
			gap,
		);
	}
	const upper = Math.ceil(height / 2);
	const hot = tableOf(hotColumns, hotKeys, width, upper);
	return [...hot, ...tableOf(bigColumns, bigValues, width, height - hot.length)];
}

function KeysPanel({isFocused}: PanelProps) {
	const application = useApplication();
	const followed = application && followedWords(application);
	const isEmpty = application?.hotKeys.length === 0 && application.bigValues.length === 0;
	const empty = useWhyNoTraffic() ?? (isEmpty ? 'no keys were read or written yet' : undefined);
	const draw: Draw = useCallback(
		({width, height}) =>
			application && empty === undefined ? keyRows(application, width, height) : [[span(empty ?? '', 'dim')]],
		[application, empty],
	);
	const notes = useMemo(() => (followed === undefined ? [] : [[span(followed, 'dim')]]), [followed]);
	return (
		<Panel title={wireKeys.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const wireKeys: PanelEntry = {
	title: 'Hot keys, big values',
	component: KeysPanel,
	explain: {
		shows:
			'The keys that are read most, with their share of all reads, and the keys with the largest values that were read or written.',
		source:
			'Keys of commands through the tap since its start. Sizes are those on the wire. With up to 2048 different keys, counts are exact; with more, they are too low by at most a thousandth of all reads. Above 20,000 commands a second, only a share of the keys is followed; the title shows it. Values are neither kept nor shown.',
		normal:
			'No key has more than a few percent of the reads, no value more than some kilobytes. One hot key limits the throughput to one core of one server; a big value delays all commands after it.',
	},
};
