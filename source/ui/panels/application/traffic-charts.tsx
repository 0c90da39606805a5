import type {TrafficSlot} from '../../../engine/protocol.js';
import {formatLatency} from '../../../text/duration.js';
import {formatBytes, formatPercent} from '../../../text/number.js';
import {bytesScale, latencyScale, percentScale} from '../../charts/scale.js';
import {useTraffic} from '../../hooks/use-application.js';
import {hitRatioOfTraffic, rateOf} from '../../store/application-sample.js';
import type {Sample} from '../../store/sample.js';
import {span} from '../../text/row.js';
import {type FigureChart, type FigureLine, FigurePanel} from '../figure-panel.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {formatRate, rateScale} from '../rate.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

type TrafficLine = FigureLine<TrafficSlot>;

type TrafficChart = FigureChart<TrafficSlot>;

const trafficOf = ({application}: Sample) => application;

type TrafficPanelProps = PanelProps & {
	readonly chart: TrafficChart;
	/** Seconds that the newest figures cover. */
	readonly seconds: number;
};

/** A panel with a chart of the application's traffic. */
function TrafficPanel({chart, seconds, isFocused}: TrafficPanelProps) {
	const now = useTraffic(seconds);
	const empty = useWhyNoTraffic() ?? chart.empty;
	return <FigurePanel chart={chart} now={now} of={trafficOf} empty={empty} isFocused={isFocused} />;
}

const hitsChart: TrafficChart = {
	title: 'Hit ratio',
	shortTitle: 'Hits',
	empty: 'no reads',
	lines: [
		{
			name: 'hit ratio',
			short: 'hits',
			style: 'memory',
			shape: 0,
			value: hitRatioOfTraffic,
			format: (value) => formatPercent(value),
			cells: 7,
		},
	],
	scale: percentScale,
	about: (traffic) => [span(`${formatRate(rateOf(traffic.hits + traffic.misses, traffic))} reads`, 'dim')],
};

/** The replies that show hits and misses. */
const hitsSource =
	'Replies of reads. Misses: null replies to GET, MGET, HGET and GETDEL, empty replies to HGETALL, HKEYS, HVALS and SMEMBERS, and an HMGET without any field.';

export const wireHits: PanelEntry = {
	title: hitsChart.title,
	component: (props) => <TrafficPanel {...props} chart={hitsChart} seconds={10} />,
	explain: {
		shows: 'The share of the requested keys that existed. The figure at the top covers the last ten seconds.',
		source: hitsSource,
		normal:
			'High and flat. After a deployment or a FLUSHALL it starts low. A drop means that keys expired together, were evicted, or that the application requests other keys. The panel beside it shows which.',
	},
};

const p50: TrafficLine = {
	name: 'p50',
	short: 'p50',
	style: 'median',
	shape: 0,
	value: ({p50Ms}) => p50Ms ?? undefined,
	format: formatLatency,
	cells: 7,
};

const latencyChart: TrafficChart = {
	title: 'Latency on the wire',
	shortTitle: 'Latency',
	empty: 'no commands',
	lines: [p50, {...p50, name: 'p99', short: 'p99', style: 'tail', shape: 1, value: ({p99Ms}) => p99Ms ?? undefined}],
	scale: latencyScale,
};

export const wireLatency: PanelEntry = {
	title: latencyChart.title,
	component: (props) => <TrafficPanel {...props} chart={latencyChart} seconds={1} />,
	explain: {
		shows:
			'How long the application waited for the replies to its commands, on a logarithmic axis: the median (p50), and the time within which 99 of 100 were answered (p99).',
		source:
			'From the last byte of a request to the first byte of its reply, at the tap: the time of network, server and faults, but not of the application itself. Blocking commands are excluded.',
		normal:
			'Some tenths of a millisecond within one network. A p99 far above the median is a slow command that others wait for, a long pipeline, or a busy server. During a black hole there are no replies, and so no figures.',
	},
};

const rateLine = (
	line: Pick<TrafficLine, 'name' | 'short' | 'style' | 'shape'>,
	count: (traffic: TrafficSlot) => number,
): TrafficLine => ({...line, value: (traffic) => rateOf(count(traffic), traffic), format: formatRate, cells: 7});

const commandsChart: TrafficChart = {
	title: 'Commands',
	empty: 'no commands',
	lines: [
		rateLine({name: 'commands', short: 'all', style: 'accent', shape: 0}, (traffic) => traffic.commands),
		rateLine(
			{name: 'errors and lost', short: 'bad', style: 'bad', shape: 1},
			(traffic) => traffic.errors + traffic.lost,
		),
	],
	scale: rateScale,
};

export const wireCommands: PanelEntry = {
	title: commandsChart.title,
	component: (props) => <TrafficPanel {...props} chart={commandsChart} seconds={1} />,
	explain: {
		shows:
			'Commands of the application a second, counted when the reply is complete, and those with an error, or without a reply because the connection closed.',
		source: 'Requests and replies through the tap.',
		normal:
			'It follows the load of the application. A jump without more load is a loop or a retry storm. During a fault it drops, and comes back within a second or two afterwards; a peak higher than before is a stampede.',
	},
};

const bytesLine = (
	line: Pick<TrafficLine, 'name' | 'short' | 'style' | 'shape'>,
	count: (traffic: TrafficSlot) => number,
): TrafficLine => ({
	...rateLine(line, count),
	format: (value) => `${formatBytes(value)}/s`,
	cells: 10,
});

const bytesChart: TrafficChart = {
	title: 'Bytes',
	empty: 'no bytes',
	lines: [
		bytesLine({name: 'to the application', short: 'out', style: 'redis', shape: 1}, (traffic) => traffic.replyBytes),
		bytesLine({name: 'from it', short: 'in', style: 'accent', shape: 0}, (traffic) => traffic.requestBytes),
	],
	scale: (highest) => bytesScale(highest),
};

export const wireBytes: PanelEntry = {
	title: bytesChart.title,
	component: (props) => <TrafficPanel {...props} chart={bytesChart} seconds={1} />,
	explain: {
		shows: 'Bytes a second from the application and to it.',
		source: 'All bytes through the tap, including connections whose protocol it cannot read.',
		normal:
			'It follows the commands. Many more bytes to the application for the same number of commands mean big values.',
	},
};
