import {hitRatioOf, perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatBytes, formatCount, formatPercent} from '../../../text/number.js';
import {bytesScale, percentScale} from '../../charts/scale.js';
import {span} from '../../text/row.js';
import type {PanelEntry} from '../panel.js';
import {formatRate, rateScale} from '../rate.js';
import {figuresSource, rateLine} from './rate.js';
import {type ServerChart, ServerFigurePanel} from './server-figure-panel.js';

const keyspaceChart: ServerChart = {
	title: 'Keyspace hit ratio',
	shortTitle: 'Hits',
	empty: 'no lookups',
	lines: [
		{
			name: 'hit ratio',
			short: 'hits',
			style: 'memory',
			shape: 0,
			value: hitRatioOf,
			format: (value) => formatPercent(value),
			cells: 7,
		},
	],
	scale: percentScale,
	about: (figures) => [span(`${formatRate(perSecond(figures.hits + figures.misses, figures))} lookups`, 'dim')],
};

export const keyspace: PanelEntry = {
	title: keyspaceChart.title,
	component: (props) => <ServerFigurePanel {...props} chart={keyspaceChart} span="recent" />,
	explain: {
		shows:
			'The share of key lookups, by all applications, that found their key. The figure at the top covers the last ten seconds.',
		source: `${figuresSource} Counted are keyspace_hits and keyspace_misses: every command that reads a key.`,
		normal:
			'High and flat. A drop means that keys were evicted for lack of memory, expired together or were flushed, or that applications request other keys. After a restart it starts low. Reads for locks or rate limits can lower it without harm.',
	},
};

const memoryChart: ServerChart = {
	title: 'Memory',
	empty: 'not reported',
	lines: [
		{
			name: 'used',
			short: 'used',
			style: 'accent',
			shape: 0,
			value: ({usedMemory}) => usedMemory,
			format: formatBytes,
			cells: 8,
		},
		{
			name: 'limit',
			short: 'limit',
			style: 'dim',
			shape: 2,
			value: ({maxMemory}) => (maxMemory > 0 ? maxMemory : undefined),
			format: formatBytes,
			cells: 8,
		},
	],
	scale: (highest) => bytesScale(highest),
	about: ({usedMemory, maxMemory, keys}) => [
		span(`${formatCount(keys)} keys`, 'dim'),
		span(maxMemory > 0 ? `  ${formatPercent(Math.min(1, usedMemory / maxMemory), 0)}` : '', 'dim'),
	],
};

export const memory: PanelEntry = {
	title: memoryChart.title,
	component: (props) => <ServerFigurePanel {...props} chart={memoryChart} />,
	explain: {
		shows: 'Memory that the server has allocated, and its limit (maxmemory) if it has one.',
		source: 'INFO of the server: used_memory and maxmemory.',
		normal:
			'A cache fills its limit and stays there, evicting. Without a limit it grows until the system ends the server. At the limit with the policy noeviction every write fails with OOM.',
	},
};

const removalsChart: ServerChart = {
	title: 'Evicted and expired',
	shortTitle: 'Removed',
	empty: 'none',
	lines: [
		rateLine({name: 'evicted', short: 'evict', style: 'bad', shape: 1}, ({evicted}) => evicted),
		rateLine({name: 'expired', short: 'expir', style: 'accent', shape: 0}, ({expired}) => expired),
	],
	scale: rateScale,
};

export const removals: PanelEntry = {
	title: removalsChart.title,
	component: (props) => <ServerFigurePanel {...props} chart={removalsChart} />,
	explain: {
		shows: 'Keys a second that were removed for lack of memory (evicted) or at the end of their TTL (expired).',
		source: 'INFO of the server: the growth of evicted_keys and expired_keys.',
		normal:
			'Expirations follow the writes with their TTLs. Evictions are harmless while the hit ratio stays high; with a falling hit ratio the memory is too small, or keys without a TTL fill it.',
	},
};
