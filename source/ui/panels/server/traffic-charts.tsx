import {commandThreadShare, perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCount, formatPercent} from '../../../text/number.js';
import {bytesScale, countScale, formatTick, niceMax, serverLatencyScale} from '../../charts/scale.js';
import {span} from '../../text/row.js';
import type {PanelEntry} from '../panel.js';
import {formatRate, rateScale} from '../rate.js';
import {figuresSource, rateLine} from './rate.js';
import {type ServerChart, ServerFigurePanel, type ServerLine} from './server-figure-panel.js';

const p50: ServerLine = {
	name: 'p50',
	short: 'p50',
	style: 'median',
	shape: 0,
	// Without histograms there is an average only.
	value: ({latency}) => latency.p50 ?? latency.mean,
	format: formatLatency,
	cells: 7,
};

const serverLatencyChart: ServerChart = {
	title: 'Server latency',
	shortTitle: 'Latency',
	empty: 'no commands',
	lines: [
		p50,
		{...p50, name: 'p99', short: 'p99', style: 'tail', shape: 1, value: ({latency}) => latency.p99},
		{...p50, name: 'ping', short: 'ping', style: 'miss', shape: 2, value: ({pingMs}) => pingMs},
	],
	scale: serverLatencyScale,
};

export const serverLatency: PanelEntry = {
	title: serverLatencyChart.title,
	component: (props) => <ServerFigurePanel {...props} chart={serverLatencyChart} />,
	explain: {
		shows:
			'How long the server worked on a command of an application (median and p99), and how long a PING from here took to be answered, on a logarithmic axis.',
		source:
			'The growth of LATENCY HISTOGRAM, once a second, in powers of two. Before Redis 7, or where it is forbidden, the median is the average time of INFO, and there is no p99.',
		normal:
			'A few microseconds; the network adds the difference to the ping. A high p99 is a slow command (see the slow log) that all others wait for. A ping that is much higher than usual while p99 is low means a busy server or network.',
	},
};

const commandsChart: ServerChart = {
	title: 'Commands',
	empty: 'no commands',
	lines: [
		rateLine({name: 'all', short: 'all', style: 'accent', shape: 0}, (figures) => figures.commands),
		rateLine({name: 'reads', short: 'read', style: 'redis', shape: 1}, ({families}) => families.reads),
		rateLine(
			{name: 'writes', short: 'write', style: 'miss', shape: 2},
			({families}) => families.writes + families.deletes,
		),
	],
	scale: rateScale,
	about: (figures) => [span(`thread ${formatPercent(commandThreadShare(figures), 0)} busy`, 'dim')],
};

export const commands: PanelEntry = {
	title: commandsChart.title,
	component: (props) => <ServerFigurePanel {...props} chart={commandsChart} />,
	explain: {
		shows: 'Commands a second: all, those that read, and those that write or delete.',
		source: figuresSource,
		normal: 'It follows the traffic of the applications. A jump without more traffic is a retry storm or a loop.',
	},
};

const networkChart: ServerChart = {
	title: 'Network',
	empty: 'not reported',
	lines: [
		{
			name: 'out',
			short: 'out',
			style: 'redis',
			shape: 1,
			value: (figures) => perSecond(figures.bytesOut, figures),
			format: (value) => `${formatBytes(value)}/s`,
			cells: 10,
		},
		{
			name: 'in',
			short: 'in',
			style: 'accent',
			shape: 0,
			value: (figures) => perSecond(figures.bytesIn, figures),
			format: (value) => `${formatBytes(value)}/s`,
			cells: 10,
		},
	],
	scale: (highest) => bytesScale(highest),
};

export const network: PanelEntry = {
	title: networkChart.title,
	component: (props) => <ServerFigurePanel {...props} chart={networkChart} />,
	explain: {
		shows: 'Bytes a second that the server received and sent, to and from all clients.',
		source:
			'INFO of the server: total_net_input_bytes and total_net_output_bytes. The replies to this program are included.',
		normal: 'It follows the commands. Much more out than usual for the same number of commands means big values.',
	},
};

const clientsChart: ServerChart = {
	title: 'Clients',
	empty: 'not reported',
	lines: [
		{
			name: 'connected',
			short: 'conn',
			style: 'accent',
			shape: 0,
			value: (figures) => figures.clients,
			format: formatCount,
			cells: 6,
		},
		{
			name: 'blocked',
			short: 'block',
			style: 'warn',
			shape: 2,
			value: ({blockedClients}) => blockedClients,
			format: formatCount,
			cells: 5,
		},
	],
	scale: (highest) => countScale(niceMax(highest), formatTick),
	about: (figures) => [
		span(`${formatRate(perSecond(figures.connections, figures))} new`, 'dim'),
		span(
			figures.rejectedConnections > 0 ? `  ${formatRate(perSecond(figures.rejectedConnections, figures))} refused` : '',
			'bad',
		),
	],
};

export const clients: PanelEntry = {
	title: clientsChart.title,
	component: (props) => <ServerFigurePanel {...props} chart={clientsChart} />,
	explain: {
		shows: 'Connections of applications, those that wait in a blocking command, new ones a second, and refused ones.',
		source: 'INFO of the server, without the connections of this program.',
		normal:
			'Flat: pools keep their connections. Many new ones a second mean a connection for each request. A surge after an outage means that all clients reconnect at once; at maxclients, connections are refused.',
	},
};
