import type {ConsentQuestion} from '../../source/engine/consent/write-consent.js';
import type {EngineClient, EngineEvent, EngineSnapshot, ServerSnapshot} from '../../source/engine/protocol.js';
import type {CommandCall, CommandReplies, CommandReply} from '../../source/engine/specs/command-calls.js';
import type {CommandName} from '../../source/engine/specs/command-specs.js';
import type {ActiveFault, PastFault} from '../../source/faults/fault.js';
import type {LatencySummary} from '../../source/metrics/durations.js';
import type {LaneSnapshot} from '../../source/metrics/pool-snapshot.js';
import type {CacheSnapshot, Mode, ModeChange} from '../../source/metrics/snapshot.js';

import {activityAt} from './fake-activity.js';
import {type ApplicationStory, applicationAt} from './fake-application.js';
import {type ProcessStory, processAt} from './fake-process.js';

/** Start of stories: 14 November 2026, 12:00:00 UTC. Fixed, so that frames are the same in every run. */
export const storyStart = Date.UTC(2026, 10, 14, 12, 0, 0);

const noDurations = {count: 0, sumMs: 0, buckets: []};

const summary = (p50: number, p99: number, count = 2000): LatencySummary => ({
	count,
	p50,
	p90: (p50 + p99) / 2,
	p99,
	max: p99 * 1.5,
});

/** Deterministic noise from 0 to 1. */
const wobble = (second: number, salt = 0) => {
	const x = Math.sin((second + 1) * 12.9898 + salt * 78.233) * 43_758.5453;
	return x - Math.floor(x);
};

export type Story = {
	/** A sweep that is running. */
	readonly sweep?: string;
	/** Seconds at which the outage begins and ends. Without `to` it does not end. */
	readonly outage?: {readonly from: number; readonly to?: number};
	readonly target?: EngineSnapshot['target']['kind'];
	readonly readOnly?: boolean;
	readonly wrongReads?: number;
	readonly lanes?: number;
	readonly workload?: boolean;
	readonly drill?: EngineSnapshot['drill'];
	/** A server with applications on it; from `trouble` on, in seconds, its memory is too small. */
	readonly server?: {readonly trouble?: number};
	/** An application behind the tap. */
	readonly application?: ApplicationStory;
	/** A live process that the program is attached to. */
	readonly process?: ProcessStory;
};

function modeAt(second: number, story: Story): Mode {
	const {outage} = story;
	if (!outage || second < outage.from) return 'connected';
	if (outage.to === undefined || second < outage.to) return 'fallback';
	return second < outage.to + 1 ? 'recovering' : 'connected';
}

function modesUntil(second: number, story: Story): ModeChange[] {
	const change = (mode: Mode, at: number, reason: string): ModeChange => ({mode, at: storyStart + at * 1000, reason});
	const modes = [change('connected', 0, 'first connection')];
	if (story.outage && second >= story.outage.from)
		modes.push(change('fallback', story.outage.from, '5 deadlines missed in a row'));
	const to = story.outage?.to;
	if (to !== undefined && second >= to) modes.push(change('recovering', to, 'a probe succeeded'));
	if (to !== undefined && second >= to + 1) modes.push(change('connected', to + 1, 'reconciled'));
	return modes;
}

function laneAt(id: number, second: number, isOut: boolean): LaneSnapshot {
	return {
		id,
		state: isOut ? (id % 2 === 0 ? 'waiting' : 'connecting') : 'ready',
		inFlight: isOut ? 0 : Math.round(20 + wobble(second, id) * 90),
		capacity: 1024,
		commands: second * 310 + id * 17,
		failures: isOut ? 12 + id : 0,
		timeouts: isOut ? 9 + id : 0,
		reconnects: isOut ? 3 : 0,
		bytesRead: second * 61_000 + id * 999,
		bytesWritten: second * 21_000 + id * 555,
		rate: isOut ? 0 : 280 + wobble(second, id + 9) * 60,
		latency: isOut
			? {count: 0, p50: undefined, p90: undefined, p99: undefined, max: undefined}
			: summary(0.31, 1.2 + wobble(second, id)),
		readySince: isOut ? undefined : storyStart,
	};
}

/** Total reads by tier up to `second`. */
function totals(second: number, story: Story) {
	let memory = 0;
	let redis = 0;
	let misses = 0;
	for (let index = 0; index < second; index++) {
		const warm = Math.min(1, 0.25 + index / 14);
		const isOut = modeAt(index, story) === 'fallback';
		const reads = 1800;
		const hit = isOut ? 0.72 - wobble(index) * 0.02 : warm * (0.6 + wobble(index) * 0.03);
		const far = isOut ? 0 : warm * (0.34 + wobble(index, 3) * 0.02);
		memory += Math.round(reads * hit);
		redis += Math.round(reads * far);
		misses += Math.max(0, reads - Math.round(reads * hit) - Math.round(reads * far));
	}
	return {memory, redis, misses};
}

const serverAt = (second: number): ServerSnapshot => ({
	at: storyStart + second * 1000,
	role: 'master',
	uptimeSeconds: 3600 + second,
	clients: 6,
	usedMemory: 3_600_000 + second * 1000,
	maxMemory: 0,
	opsPerSecond: 1243,
	keys: 4821,
	expires: 4790,
	expiredKeys: 311,
	evictedKeys: 0,
	keyspaceHits: 60_211,
	keyspaceMisses: 4120,
	info: {
		server: {
			redis_version: '7.0.15',
			redis_mode: 'standalone',
			os: 'Linux',
			tcp_port: '41233',
			uptime_in_seconds: '3600',
		},
		clients: {connected_clients: '6', blocked_clients: '0', tracking_clients: '4'},
		memory: {used_memory: '3600000', used_memory_human: '3.43M', maxmemory: '0', maxmemory_policy: 'noeviction'},
		stats: {instantaneous_ops_per_sec: '1243', expired_keys: '311', evicted_keys: '0', keyspace_hits: '60211'},
		replication: {role: 'master', connected_slaves: '0'},
		keyspace: {db0: 'keys=4821,expires=4790,avg_ttl=118233'},
	},
});

/** The snapshot of an engine `second` seconds into a story. */
export function snapshotAt(second: number, story: Story = {}, events: readonly EngineEvent[] = []): EngineSnapshot {
	const at = storyStart + second * 1000;
	const modes = modesUntil(second, story);
	const mode = modes.at(-1) ?? {mode: 'connected', at: storyStart, reason: ''};
	const isOut = mode.mode === 'fallback';
	const {memory, redis, misses} = totals(second, story);
	const outage = story.outage;
	const isFaulty = outage !== undefined && second >= outage.from && (outage.to === undefined || second < outage.to);
	const fault: ActiveFault = {
		id: 1,
		fault: {kind: 'blackhole'},
		since: storyStart + (outage?.from ?? 0) * 1000,
		until: undefined,
		label: 'blackhole',
	};
	const faults = isFaulty ? [fault] : [];
	const pastFaults: PastFault[] =
		outage?.to !== undefined && second >= outage.to ? [{...fault, liftedAt: storyStart + outage.to * 1000}] : [];
	const firstSeconds = isFaulty && second <= outage.from + 1;
	const settle = firstSeconds
		? summary(0.05, 204)
		: summary(0.028 + wobble(second) * 0.01, isOut ? 0.2 : 1.3 + wobble(second, 2));
	const dirtyAt = (second: number) => (outage ? Math.round(Math.max(0, second - outage.from) * 38) : 0);
	const dirty = isOut ? dirtyAt(second) : 0;
	const buckets = [
		['stale', 0, isOut ? 44 : 0],
		['1s', 1000, 12],
		['10s', 10_000, 131],
		['1m', 60_000, 622],
		['10m', 600_000, 3840],
		['1h', 3_600_000, 216],
		['1d', 86_400_000, 0],
		['more', Number.POSITIVE_INFINITY, 0],
	] as const;
	const ttl = {
		source: isOut ? ('memory' as const) : ('redis' as const),
		buckets: buckets.map(([label, upToMs, count]) => ({label, upToMs, count})),
		sampled: 4821,
		total: story.server ? 1_204_811 : 4821,
		withoutTtl: story.server ? 104_811 : undefined,
		at,
	};
	const cache: CacheSnapshot = {
		at,
		startedAt: storyStart,
		mode,
		modes,
		restrictions: [],
		counters: {
			hitsMemory: memory,
			hitsRedis: redis,
			hitsStale: 0,
			misses,
			loads: misses,
			loadErrors: 0,
			loadsRejected: 0,
			loadsPaused: 0,
			fillsRefused: 3,
			sets: second * 160,
			deletes: second * 40,
			invalidations: 0,
			evictions: 0,
			timeouts: isFaulty ? 12 : 0,
			errors: 0,
			shed: 0,
			corrupt: 0,
			lateWrites: 0,
			clockSteps: 0,
			batches: second * 300,
			batchedKeys: second * 620,
			savedBytes: memory * 400,
		},
		memory: {entries: 3120, maxEntries: 10_000, bytes: 1_240_000, maxBytes: 67_108_864, coherence: 'tracking'},
		loads: {running: 2, waiting: 0, maxRunning: Number.POSITIVE_INFINITY, maxWaiting: 0},
		journal: {
			size: dirty,
			limit: 10_000,
			max: dirtyAt(Math.min(second, outage?.to ?? second)),
			overflowed: 0,
			reconciled: outage?.to !== undefined && second > outage.to ? 412 : 0,
		},
		pool: {
			utilisation: isOut ? 0 : 0.02 + wobble(second) * 0.05,
			lanes: Array.from({length: story.lanes ?? 4}, (_, id) => laneAt(id, second, isOut)),
			checkouts: {
				min: 0,
				max: 8,
				open: 3,
				busy: 2,
				maxWaiters: 256,
				acquired: second * 3,
				acquireTimeouts: 0,
				refused: 0,
				wait: summary(0.1, 0.9),
				waits: noDurations,
				connections: [
					{id: 1, state: 'busy', purpose: 'scan', since: at - 240, openedAt: storyStart},
					{id: 2, state: 'busy', purpose: 'transaction', since: at - 12, openedAt: storyStart},
					{id: 3, state: 'idle', purpose: undefined, since: at - 9000, openedAt: storyStart},
				],
				waiting: [],
			},
			deadlineMs: 200,
		},
		durations: {get: noDurations, set: noDurations, delete: noDurations, load: noDurations},
		latency: {get: summary(0.4, 2.1), set: summary(0.5, 2.4), delete: summary(0.5, 2.2), load: summary(4, 12)},
		pending: 3,
		ttl,
	};
	const wrongReads = story.wrongReads ?? 0;
	return {
		seq: second,
		at,
		startedAt: storyStart,
		target: {
			kind: story.target ?? 'private',
			name: story.target === 'built-in' ? 'built-in server' : 'redis-server',
			version: story.target === 'built-in' ? '0.1.0' : '7.0.15',
			url: 'redis://127.0.0.1:41233/0',
			pid: 4242,
			warnings: [],
		},
		source: story.process ? 'process' : story.application ? 'application' : story.server ? 'server' : 'cache',
		activity: activityAt(second, storyStart, story.server?.trouble),
		privateUrl: story.target === 'external' ? undefined : 'redis://:s3cret@127.0.0.1:41233',
		readOnly: story.readOnly ?? false,
		scanRate: 50_000,
		sweep: story.sweep,
		namespace: 'default',
		keyPrefix: 'rct:default:',
		serverFindings: [],
		application: story.application && applicationAt(second, storyStart, story.application, story.outage),
		attached: story.process && processAt(second, storyStart, story.process),
		cache,
		server: serverAt(isOut && outage ? outage.from : second),
		workload: {
			running: story.workload ?? true,
			rate: 2000,
			keys: 5000,
			mix: {read: 0.9, write: 0.08, delete: 0.02},
			calls: second * 2000,
			failedCalls: 0,
			hungCalls: 0,
			pending: 3,
			wrongReads,
			wrongReadExamples: Array.from({length: Math.min(3, wrongReads)}, (_, index) => ({
				at: at - index * 4000,
				key: `user:${index}`,
				got: 3,
				expected: 5 + index,
			})),
			availability: 1,
			callsPerSecond: 1995 + Math.round(wobble(second) * 10),
			settle,
		},
		faults,
		pastFaults,
		drill: story.drill,
		ttl,
		events,
	};
}

type MakeEvent = (
	id: number,
	level: EngineEvent['level'],
	topic: EngineEvent['topic'],
	text: string,
	count?: number,
) => EngineEvent;

function applicationEvents(second: number, outage: Story['outage'], event: MakeEvent): EngineEvent[] {
	if (second === 0) return [event(1, 'info', 'server', 'the tap listens on 127.0.0.1:6380')];
	if (second === outage?.from) return [event(2, 'warn', 'fault', 'blackhole began')];
	if (outage?.to !== undefined && second === outage.to)
		return [event(3, 'info', 'fault', `blackhole ended after ${outage.to - outage.from} s`)];
	return [];
}

/** The events of one second of a story. */
export function eventsAt(second: number, story: Story = {}): EngineEvent[] {
	const event: MakeEvent = (id, level, topic, text, count = 1) => {
		const at = storyStart + second * 1000;
		return {id, at, level, topic, text, count, lastAt: count > 1 ? at + 9000 : at};
	};
	const {outage} = story;
	if (story.application) return applicationEvents(second, outage, event);
	if (story.process && second === 0)
		return [event(1, 'info', 'application', 'attached to shop-api, process 4242, with redis-cache-tui 1.0.0')];
	if (story.process && second === 1) return [];
	if (second === 0) return [event(1, 'info', 'server', 'started redis-server 7.0.15, private, on 127.0.0.1:41233')];
	if (second === 1) return [event(2, 'info', 'workload', 'on: 2,000 calls a second on 5,000 keys')];
	if (second === outage?.from)
		return [
			event(3, 'warn', 'fault', 'blackhole began'),
			event(4, 'warn', 'mode', 'fallback: 5 deadlines missed in a row'),
			event(5, 'error', 'pool', 'lane 0 lost its connection: deadline of 200 ms missed', 12),
		];
	if (outage?.to !== undefined && second === outage.to)
		return [
			event(6, 'info', 'fault', `blackhole ended after ${outage.to - outage.from} s`),
			event(7, 'info', 'mode', 'recovering: a probe succeeded'),
		];
	if (outage?.to !== undefined && second === outage.to + 1)
		return [event(8, 'info', 'journal', 'reconciled the journal in 38 ms'), event(9, 'info', 'mode', 'connected')];
	return [];
}

/** A story without events. */
export const uneventful: Story = {};

/** Cache of snapshots by story and second, since many tests play the same story. */
const played = new WeakMap<Story, EngineSnapshot[]>();

function playedAt(second: number, story: Story): EngineSnapshot {
	const known = played.get(story) ?? [];
	played.set(story, known);
	const snapshot = known[second] ?? snapshotAt(second, story, eventsAt(second, story));
	known[second] = snapshot;
	return snapshot;
}

/** A reply of a scripted engine. The type of its data is not checked. */
export type FakeReply =
	| {readonly ok: true; readonly lines: readonly string[]; readonly data?: unknown}
	| {
			readonly ok: false;
			readonly code: string;
			readonly message: string;
			readonly question?: ConsentQuestion;
	  };

/** Data of the commands that the screen runs by itself: no keys and no drills. */
const nothingThere: Partial<CommandReplies> = {
	keys: {rows: [], cursor: undefined, scanned: 0, total: 0, tookMs: 1},
	tree: {prefix: '', groups: [], rows: [], unlisted: 0, keys: 0, cursor: undefined},
	drills: [],
};

/** A successful reply that repeats the name of the command. */
export const didIt = ({name}: CommandCall): FakeReply =>
	name === 'peek'
		? // The open value stays as it is, however long a test takes.
			{ok: false, code: 'ERR_TEST', message: 'no reply'}
		: {ok: true, lines: [`did ${name}`], data: nothingThere[name]};

/** A scripted engine: sends the snapshots of a test, and records the commands it receives. */
export class FakeEngine implements EngineClient {
	readonly calls: CommandCall[] = [];
	readonly rates: number[] = [];
	isClosed = false;
	/** Answers commands; replace it to script replies. */
	answer: (call: CommandCall) => FakeReply = didIt;
	completions: (name: string, index: number, prefix: string) => readonly string[] = () => [];
	readonly #listeners = new Set<(snapshot: EngineSnapshot) => void>();
	#latest: EngineSnapshot | undefined;

	get listeners(): number {
		return this.#listeners.size;
	}

	/** Sends a snapshot. */
	push(snapshot: EngineSnapshot): void {
		this.#latest = snapshot;
		for (const listener of [...this.#listeners]) listener(snapshot);
	}

	/** Sends one snapshot for each second of a story, up to and including `second`. */
	play(second: number, story: Story = uneventful, from = 0): void {
		for (let index = from; index <= second; index++) this.push(playedAt(index, story));
	}

	latest(): EngineSnapshot | undefined {
		return this.#latest;
	}

	subscribe(listener: (snapshot: EngineSnapshot) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	async run<Name extends CommandName>(call: CommandCall<Name>): Promise<CommandReply<Name>> {
		this.calls.push(call as CommandCall);
		// Each test provides the data that it needs.
		return this.answer(call as CommandCall) as CommandReply<Name>;
	}

	async complete(name: string, index: number, prefix: string): Promise<readonly string[]> {
		return this.completions(name, index, prefix);
	}

	async trafficCourse(): Promise<undefined> {
		return undefined;
	}

	async drillRecording(): Promise<undefined> {
		return undefined;
	}

	setRate(hz: number): void {
		this.rates.push(hz);
	}

	onFatal(): () => void {
		return () => {};
	}

	async close(): Promise<void> {
		this.isClosed = true;
		this.#listeners.clear();
	}
}
