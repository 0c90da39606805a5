import {readFileSync} from 'node:fs';
import {register} from 'prom-client';
import {expect, it} from 'vitest';
import {prometheusText} from '../../../source/cache/observe/prometheus.js';
import type {DurationHistogram, LatencySummary} from '../../../source/metrics/durations.js';
import {joinPrometheus} from '../../../source/metrics/join-prometheus.js';
import type {CacheSnapshot} from '../../../source/metrics/snapshot.js';
import {ttlBuckets} from '../../../source/metrics/ttl-histogram.js';
import {InvalidArgumentError} from '../../../source/pool/errors.js';

const nothing: LatencySummary = {count: 0, p50: undefined, p90: undefined, p99: undefined, max: undefined};

const noDurations: DurationHistogram = {count: 0, sumMs: 0, buckets: [{upToMs: 200, count: 0}]};

const lane = {
	id: 0,
	state: 'ready',
	inFlight: 3,
	capacity: 10,
	commands: 100,
	failures: 2,
	timeouts: 1,
	reconnects: 1,
	bytesRead: 1000,
	bytesWritten: 2000,
	rate: 5,
	latency: nothing,
	readySince: 1,
} as const;

const snapshot: CacheSnapshot = {
	at: 2000,
	startedAt: 1000,
	mode: {mode: 'fallback', at: 1500, reason: 'connection lost'},
	modes: [],
	restrictions: [],
	counters: {
		hitsMemory: 11,
		hitsRedis: 12,
		hitsStale: 1,
		misses: 13,
		loads: 14,
		loadErrors: 0,
		loadsRejected: 3,
		loadsPaused: 4,
		fillsRefused: 0,
		sets: 15,
		deletes: 16,
		invalidations: 0,
		evictions: 0,
		timeouts: 17,
		errors: 0,
		shed: 0,
		corrupt: 0,
		lateWrites: 0,
		clockSteps: 0,
		batches: 0,
		batchedKeys: 0,
		savedBytes: 1024,
	},
	memory: {entries: 5, maxEntries: 10, bytes: 50, maxBytes: 100, coherence: 'tracking'},
	loads: {running: 1, waiting: 0, maxRunning: Number.POSITIVE_INFINITY, maxWaiting: 0},
	journal: {size: 2, limit: 100, max: 4, overflowed: 0, reconciled: 7},
	pool: {
		utilisation: 0.3,
		lanes: [lane, {...lane, id: 1, state: 'waiting', inFlight: 0}],
		checkouts: {
			min: 0,
			max: 8,
			open: 1,
			busy: 1,
			maxWaiters: 256,
			acquired: 9,
			acquireTimeouts: 0,
			refused: 0,
			wait: nothing,
			waits: noDurations,
			connections: [],
			waiting: [{purpose: 'scan', since: 1}],
		},
		deadlineMs: 200,
	},
	latency: {get: {count: 4, p50: 1, p90: 2, p99: 3, max: 4}, set: nothing, delete: nothing, load: nothing},
	durations: {
		get: {
			count: 4,
			sumMs: 500,
			buckets: [
				{upToMs: 0.5, count: 1},
				{upToMs: 200, count: 3},
			],
		},
		set: noDurations,
		delete: noDurations,
		load: noDurations,
	},
	pending: 6,
	ttl: {source: 'memory', buckets: ttlBuckets([500, 5000, 6000]), sampled: 3, total: 3, at: 2000},
};

it('formats every number of a snapshot, with the given labels', async () => {
	const lines = (await prometheusText(snapshot, {cache: 'sessions'})).split('\n');
	for (const line of [
		'redis_cache_hits_total{tier="memory",cache="sessions"} 11',
		'redis_cache_hits_total{tier="redis",cache="sessions"} 12',
		'redis_cache_misses_total{cache="sessions"} 13',
		'redis_cache_loads_running{cache="sessions"} 1',
		'redis_cache_loads_rejected_total{cache="sessions"} 3',
		'redis_cache_loads_paused_total{cache="sessions"} 4',
		'redis_cache_saved_bytes_total{cache="sessions"} 1024',
		'redis_cache_mode{mode="fallback",cache="sessions"} 1',
		'redis_cache_memory_coherence{coherence="tracking",cache="sessions"} 1',
		'redis_cache_mode{mode="connected",cache="sessions"} 0',
		'# TYPE redis_cache_latency_seconds histogram',
		'redis_cache_latency_seconds_bucket{operation="get",le="0.0005",cache="sessions"} 1',
		'redis_cache_latency_seconds_bucket{operation="get",le="0.2",cache="sessions"} 3',
		'redis_cache_latency_seconds_bucket{operation="get",le="+Inf",cache="sessions"} 4',
		'redis_cache_latency_seconds_sum{operation="get",cache="sessions"} 0.5',
		'redis_cache_latency_seconds_count{operation="get",cache="sessions"} 4',
		'redis_cache_checkouts_wait_seconds_bucket{le="+Inf",cache="sessions"} 0',
		'redis_cache_entries_by_ttl{source="memory",ttl="10s",cache="sessions"} 2',
		'redis_cache_pool_lanes{state="waiting",cache="sessions"} 1',
		'redis_cache_pool_commands_total{cache="sessions"} 200',
		'redis_cache_checkouts_waiting{cache="sessions"} 1',
	]) {
		expect(lines).toContain(line);
	}
});

it('has no limit of loads where there is none', async () => {
	expect(await prometheusText(snapshot)).not.toContain('redis_cache_loads_max');
});

it('has a series where nothing was measured yet, so that its first change is a rate', async () => {
	expect(await prometheusText(snapshot)).toContain('redis_cache_latency_seconds_count{operation="set"} 0');
});

it('leaves the global registry of prom-client alone and can be called again', async () => {
	const first = await prometheusText(snapshot);
	expect(await prometheusText(snapshot)).toBe(first);
	expect(await register.metrics()).not.toContain('redis_cache');
});

it.each(['bad name', '', '1st', '__own', 'tier', 'mode', 'ttl', 'le', 'node'])('refuses the label %j', async (name) => {
	await expect(prometheusText(snapshot, {[name]: 'x'})).rejects.toThrow(InvalidArgumentError);
});

it('escapes the values of labels', async () => {
	expect(await prometheusText(snapshot, {cache: 'a"b\nc'})).toContain('redis_cache_loads_total{cache="a\\"b\\nc"} 14');
});

it('joins the texts of several caches: each metric once, with the series of all', async () => {
	const users = await prometheusText(snapshot, {cache: 'users'});
	const pages = await prometheusText(snapshot, {cache: 'pages'});
	const lines = joinPrometheus(users, pages).split('\n');
	expect(lines.filter((line) => line.startsWith('# TYPE redis_cache_hits_total'))).toHaveLength(1);
	const at = lines.indexOf('# TYPE redis_cache_hits_total counter');
	expect(lines.slice(at + 1, at + 5).map((line) => line.replace(/ .*/, ''))).toEqual([
		'redis_cache_hits_total{tier="memory",cache="users"}',
		'redis_cache_hits_total{tier="redis",cache="users"}',
		'redis_cache_hits_total{tier="memory",cache="pages"}',
		'redis_cache_hits_total{tier="redis",cache="pages"}',
	]);
	const seriesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
	expect(seriesOf(joinPrometheus(users, pages)).sort()).toEqual([...seriesOf(users), ...seriesOf(pages)].sort());
});

const monitoring = (name: string) =>
	readFileSync(new URL(`../../../media/monitoring/${name}`, import.meta.url), 'utf8');

it.each(['alerts.yml', 'alerts.test.yml', 'grafana-dashboard.json'])('has every series that %s names', async (name) => {
	const exported = new Set((await prometheusText(snapshot)).match(/^redis_cache_\w+/gm));
	const wanted = new Set(monitoring(name).match(/\bredis_cache_\w+/g));
	expect(wanted.size).toBeGreaterThan(10);
	for (const series of wanted) expect(exported).toContain(series);
});

it('has a dashboard whose panels do not cover each other', () => {
	type Panel = {readonly id: number; readonly gridPos: {readonly [side in 'x' | 'y' | 'w' | 'h']: number}};
	const {panels} = JSON.parse(monitoring('grafana-dashboard.json')) as {readonly panels: readonly Panel[]};
	expect(new Set(panels.map(({id}) => id)).size).toBe(panels.length);
	const cells = panels.flatMap(({gridPos: {x, y, w, h}}) =>
		Array.from({length: w * h}, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
	);
	expect(new Set(cells).size).toBe(cells.length);
});
