import {useCallback, useMemo} from 'react';
import type {TapSnapshot, TrafficSlot} from '../../../engine/protocol.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf, formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {bar} from '../../charts/bar.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useApplication, useTraffic} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {longWaitMs} from '../../rows/application/outage-reaction.js';
import {shareOf} from '../../rows/lane.js';
import {rateOf} from '../../store/application-sample.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {formatRate} from '../rate.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

type Connections = TapSnapshot['connections'];

const nameWidth = 10;

/** Cells of a number of connections, and of their commands. */
const countWidth = 6;

/** Connections opened in a second from which on it looks like one for each request. */
const manyOpened = 1;

const line = (name: string, ...cells: Row): Row => [span(padEnd(name, nameWidth), 'dim'), ...cells];

function poolRows(connections: Connections, lately: TrafficSlot | undefined, width: number, glyphs: Glyphs): Row[] {
	const {open, busy, peak, opened, deepestPipeline, reset, refusedLogins, unreadable} = connections;
	const {waitingCommands, longestWaitMs} = connections;
	const words = ` ${formatCount(busy)} of ${formatCount(open)} `;
	const rate = lately ? rateOf(lately.opened, lately) : 0;
	const problems = [
		refusedLogins > 0 && formatCountOf(refusedLogins, 'refused login'),
		reset > 0 && `${formatCount(reset)} reset`,
		unreadable > 0 && `${formatCount(unreadable)} not read`,
	].filter((words) => words !== false);
	return [
		line(
			'busy',
			...bar(
				shareOf(busy, open),
				Math.max(3, width - nameWidth - words.length),
				glyphs,
				// Busy connections alone are normal; only a long wait is a problem.
				longestWaitMs >= longWaitMs ? 'bad' : 'accent',
			),
			span(words),
		),
		line('open', span(`${formatCount(open)}, peak ${formatCount(peak)}`)),
		line(
			'created',
			span(formatRate(rate), rate >= manyOpened ? 'warn' : 'text'),
			span(`, ${formatCount(opened)} since the start`, 'dim'),
		),
		line(
			'waiting',
			longestWaitMs > 0
				? span(
						`${formatShortCount(waitingCommands)}, longest ${formatLatency(longestWaitMs)}`,
						longestWaitMs >= longWaitMs ? 'bad' : 'text',
					)
				: span('no command waits', 'dim'),
		),
		line(
			'pipeline',
			span(deepestPipeline <= 1 ? 'one command at a time' : `up to ${formatShortCount(deepestPipeline)} at a time`),
		),
		...(problems.length > 0 ? [line('problems', span(problems.join(', '), 'warn'))] : []),
	];
}

function clientRows({clients}: Connections, width: number): Row[] {
	const name = Math.max(4, width - 2 * (countWidth + 2) - 2);
	const row = (client: string, connections: string, commands: string, style: 'dim' | 'text'): Row => [
		span(padEnd(client, name), style),
		span(padStart(connections, countWidth + 4), style),
		span(padStart(commands, countWidth + 2), style),
	];
	return [
		row('CLIENT', 'OPEN', 'CMDS', 'dim'),
		...clients.map(({name: client, connections, commands}) =>
			row(
				client === '' ? '(no name)' : printable(client),
				formatCount(connections),
				formatShortCount(commands),
				'text',
			),
		),
	];
}

function ConnectionsPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const data = useApplication()?.connections;
	const lately = useTraffic(10);
	const reason = useWhyNoTraffic();
	const empty = data && data.opened > 0 ? undefined : reason;
	const draw: Draw = useCallback(
		({width, height}) => {
			if (!data || empty !== undefined) return [[span(empty ?? '', 'dim')]];
			const figures = poolRows(data, lately, width, glyphs);
			// A single client without a name adds no information.
			const hasNames = data.clients.some(({name}) => name !== '');
			return hasNames && height >= figures.length + 2 ? [...figures, ...clientRows(data, width)] : figures;
		},
		[data, lately, empty, glyphs],
	);
	const notes = useMemo(
		() => (data && data.opened > 0 ? [[span(`${formatCount(data.open)} open, ${formatCount(data.busy)} busy`)]] : []),
		[data],
	);
	return (
		<Panel title={connections.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const connections: PanelEntry = {
	title: 'Connections',
	component: ConnectionsPanel,
	explain: {
		shows:
			'The connection pool of the application: connections that wait for a reply (busy), open connections and their peak, new connections a second, the commands that wait and the longest wait, and the deepest pipeline on one connection. Below, the clients by name. View 3 lists the connections.',
		source: 'Connections to the tap. Names: CLIENT SETNAME and HELLO. The longest wait excludes blocking commands.',
		normal:
			'A pool keeps its connections: none are created, and most are free. If all are always busy, the pool is too small or Redis is slow. If a connection is created for each request, the application has no pool.',
	},
};
