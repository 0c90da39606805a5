import type {TapResult} from '../../source/report/tap/tap-result.js';
import type {TrafficSlot} from '../../source/tap/timeline/traffic-slot.js';
import {finding, wire} from './drill-fixtures.js';

const tapSlot: TrafficSlot = {
	at: 1000,
	seconds: 1,
	commands: 100,
	errors: 0,
	lost: 0,
	hits: 60,
	misses: 20,
	writes: 20,
	requestBytes: 1000,
	replyBytes: 2000,
	opened: 1,
	open: 3,
	busy: 1,
	p50Ms: 0.2,
	p99Ms: 4,
	maxMs: 9,
	longestWaitMs: 0,
};

/** Five minutes, a second of them with lost commands. */
export const tapSlots = Array.from({length: 300}, (_, index) => ({
	...tapSlot,
	at: (index + 1) * 1000,
	lost: index === 100 ? 3 : 0,
}));

export const tapResult: TapResult = {
	application: {
		target: 'redis://cache:6379/0',
		listen: '127.0.0.1:6380',
		seconds: 300,
		connections: {
			open: 3,
			opened: 5,
			peak: 4,
			busy: 1,
			waiting: 0,
			waitingCommands: 0,
			unreadable: 0,
			refusedLogins: 0,
			reset: 0,
			deepestPipeline: 7,
			longestWaitMs: 0,
			clients: [{name: '', connections: 3, commands: 30_000}],
		},
		commands: {
			total: 30_000,
			perSecond: 100,
			errors: 1,
			harmlessErrors: 0,
			redirects: 0,
			lost: 3,
			byName: [{name: 'GET', count: 24_000, errors: 1, p50Ms: 0.2, p99Ms: 4}],
		},
		errors: {WRONGTYPE: 1},
		reads: {hits: 18_000, misses: 6000, hitRatio: 0.75},
		latencyMs: {p50: 0.2, p99: 4, max: 9},
		bytes: {in: 300_000, out: 600_000},
		writes: {
			total: 6000,
			withoutTtl: 12,
			ttls: [
				{label: '1m', count: 5988},
				{label: 'none', count: 12},
			],
		},
		patterns: [
			{pattern: 'user:*', reads: 24_000, hits: 18_000, misses: 6000, writes: 6000, deletes: 0, hitRatio: 0.75},
		],
		hotKeys: [{key: 'user:1', reads: 2400, share: 0.1}],
		hotKeysError: 0,
		sampledKeys: '1/1',
		bigValues: [{key: 'user:2', bytes: 200_000}],
		findings: [finding],
		outage: {startedAt: 100_000, liftedAt: 103_000, faults: ['black hole'], isOver: true, wire},
	},
	course: {startedAt: 0, slots: tapSlots},
	faults: [{label: 'black hole', fromMs: 100_000, toMs: 103_000}],
};
