import {Redis} from 'ioredis';
import type {WireFault} from '../../source/faults/fault.js';
import type {FaultProxy} from '../../source/proxy/fault-proxy.js';
import type {RedisProcess} from '../support/redis-process.js';
import type {ServerClockControl} from '../support/server-clock.js';
import type {Chance} from './chance.js';
import {moment} from './moment.js';
import {ServerLateness} from './server-lateness.js';

export type Trouble = {
	/** Names of caches; empty: a fault of the server, which concerns all. */
	readonly caches: readonly string[];
	readonly what: string;
	readonly from: number;
	to: number | undefined;
};

const wireWeights = {
	refuse: 3,
	reset: 3,
	blackhole: 4,
	stall: 4,
	handshake: 1,
	latency: 4,
	bandwidth: 1,
	slice: 1,
	flaky: 2,
	limit: 1,
	error: 4,
} as const;

const serverWeights = {
	'client pause': 4,
	sigstop: 5,
	'kill and restart empty': 2,
	'client kill normal': 2,
	'client kill pubsub': 3,
	'script flush': 1,
	flushall: 1,
	eviction: 2,
	'memory full': 2,
	'clock step': 3,
} as const;

export type FaultsOptions = {
	readonly proxies: ReadonlyMap<string, FaultProxy>;
	readonly redis: RedisProcess;
	/** `undefined`: the server's clock cannot be set on this machine. */
	readonly clock: ServerClockControl | undefined;
	readonly chance: Chance;
	readonly onTrouble: (trouble: Trouble) => void;
	/** The server has taken long to answer. */
	readonly onLate: (ms: number) => void;
};

/**
 * Starts and lifts faults at random: of the connections of one cache or of all, and of the server. Records when each was
 * active.
 */
export class Faults {
	readonly #proxies: ReadonlyMap<string, FaultProxy>;
	readonly #redis: RedisProcess;
	readonly #clock: ServerClockControl | undefined;
	readonly #admin: Redis;
	readonly #chance: Chance;
	readonly #troubles: Trouble[] = [];
	readonly #onTrouble: (trouble: Trouble) => void;
	readonly #lateness: ServerLateness;
	#down = false;
	/** Starts of each fault. */
	readonly counts = new Map<string, number>();

	constructor({proxies, redis, clock, chance, onTrouble, onLate}: FaultsOptions) {
		this.#proxies = proxies;
		this.#redis = redis;
		this.#clock = clock;
		this.#chance = chance;
		this.#onTrouble = onTrouble;
		this.#admin = new Redis(redis.port, redis.host, {retryStrategy: () => 30, maxRetriesPerRequest: null});
		this.#admin.on('error', () => {
			// The server is killed now and then, and the connection with it.
		});
		this.#lateness = new ServerLateness(() => this.#admin.ping(), onLate);
	}

	/** Longest time that the server has lately taken to answer, in ms. */
	get serverLateMs(): number {
		return this.#lateness.worst;
	}

	/** True if a fault concerned the cache at any time in between. */
	troubled(cache: string, from: number, to: number): boolean {
		return this.#troubles.some(
			(trouble) =>
				trouble.from <= to &&
				(trouble.to ?? Number.POSITIVE_INFINITY) >= from &&
				(trouble.caches.length === 0 || trouble.caches.includes(cache)),
		);
	}

	/** One fault, or two at the same time, for a while. */
	async disturb(): Promise<void> {
		const some = [this.#one()];
		if (this.#chance.is(0.3)) some.push(this.#one());
		await Promise.all(some);
		const old = moment() - 30_000;
		while ((this.#troubles[0]?.to ?? Number.POSITIVE_INFINITY) < old) this.#troubles.shift();
	}

	async close(): Promise<void> {
		for (const proxy of this.#proxies.values()) proxy.heal();
		this.#redis.resume();
		this.#lateness.stop();
		this.#admin.disconnect();
	}

	#one(): Promise<void> {
		return this.#chance.is(0.65) ? this.#wire() : this.#server();
	}

	async #wire(): Promise<void> {
		const chance = this.#chance;
		const names = [...this.#proxies.keys()];
		const caches = chance.is(0.3) ? names : [chance.of(names)];
		const fault = this.#wireFault();
		const lastsMs = chance.is(0.7) ? chance.between(20, 500) : chance.between(500, 2000);
		await this.#during(caches, JSON.stringify(fault), fault.kind, async () => {
			const active = caches.map((name) => [this.#proxies.get(name), this.#proxies.get(name)?.add(fault)] as const);
			await pause(lastsMs);
			for (const [proxy, added] of active) if (added !== undefined) proxy?.lift(added.id);
		});
	}

	#wireFault(): WireFault {
		const chance = this.#chance;
		const direction = chance.of(['up', 'down', 'both'] as const);
		switch (chance.weighted(wireWeights)) {
			case 'refuse':
				return {kind: 'refuse'};
			case 'reset':
				return {kind: 'reset', afterMs: chance.of([0, 0, 50])};
			case 'blackhole':
				return {kind: 'blackhole', direction};
			case 'stall':
				return {kind: 'stall', direction};
			case 'handshake':
				return {kind: 'handshake'};
			case 'latency':
				return {kind: 'latency', delayMs: chance.whole(5, 260), jitterMs: chance.of([0, 20, 100]), direction};
			case 'bandwidth':
				return {kind: 'bandwidth', kbps: chance.of([5, 50, 500]), direction};
			case 'slice':
				return {kind: 'slice', bytes: chance.whole(1, 50), delayMs: chance.of([0, 0, 1]), direction};
			case 'flaky':
				return {kind: 'flaky', probability: chance.between(0.1, 0.9), everyMs: chance.whole(20, 200)};
			case 'limit':
				return {kind: 'limit', bytes: chance.whole(100, 20_000), direction};
			case 'error':
				return {
					kind: 'error',
					error: chance.of(['LOADING', 'READONLY', 'OOM', 'CLUSTERDOWN'] as const),
					probability: chance.of([1, 0.5, 0.1]),
				};
		}
	}

	async #server(): Promise<void> {
		const chance = this.#chance;
		const what = chance.weighted(serverWeights);
		if (what === 'clock step' && this.#clock === undefined) return;
		// One at a time: a server that is killed cannot be paused.
		if (this.#down) return;
		this.#down = true;
		try {
			await this.#during([], what, what, () => this.#breakServer(what));
		} finally {
			this.#down = false;
		}
	}

	async #breakServer(what: keyof typeof serverWeights): Promise<void> {
		const admin = this.#admin;
		const lastsMs = this.#chance.between(50, 900);
		switch (what) {
			case 'client pause':
				await admin.call('CLIENT', 'PAUSE', Math.round(lastsMs), this.#chance.of(['ALL', 'WRITE']));
				await pause(lastsMs + 10);
				break;
			case 'sigstop':
				this.#redis.pause();
				await pause(lastsMs);
				this.#redis.resume();
				break;
			case 'kill and restart empty':
				await this.#redis.kill();
				await pause(this.#chance.between(0, 500));
				await this.#redis.start();
				break;
			case 'client kill normal':
				await admin.call('CLIENT', 'KILL', 'TYPE', 'normal');
				break;
			case 'client kill pubsub':
				await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
				break;
			case 'script flush':
				await admin.script('FLUSH');
				break;
			case 'flushall':
				await admin.flushall();
				break;
			case 'eviction':
				await admin.config('SET', 'maxmemory-policy', 'allkeys-random');
				await this.#fill(lastsMs);
				break;
			case 'clock step':
				this.#clock?.set(this.#chance.of([-20_000, -800, -6, 6, 800, 20_000]));
				await pause(lastsMs);
				if (this.#chance.is(0.5)) this.#clock?.set(0);
				break;
			case 'memory full':
				await admin.config('SET', 'maxmemory', 1);
				await pause(lastsMs);
				await admin.config('SET', 'maxmemory', 0);
				break;
		}
	}

	/** Makes Redis evict keys, leases and markers among them. */
	async #fill(lastsMs: number): Promise<void> {
		const used = Number(/used_memory:(\d+)/.exec(await this.#admin.info('memory'))?.[1]);
		await this.#admin.config('SET', 'maxmemory', used + 100_000);
		const until = moment() + lastsMs;
		for (let index = 0; moment() < until; index++) {
			// Refused if nothing can be evicted fast enough.
			await this.#admin.set(`filler:${index % 50}`, 'x'.repeat(20_000), 'PX', 2000).catch(() => {});
			await pause(2);
		}
		await this.#admin.config('SET', 'maxmemory', 0);
		await this.#admin.config('SET', 'maxmemory-policy', 'noeviction');
	}

	async #during(caches: readonly string[], what: string, kind: string, work: () => Promise<void>): Promise<void> {
		const trouble: Trouble = {caches, what, from: moment(), to: undefined};
		this.#troubles.push(trouble);
		this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
		this.#onTrouble(trouble);
		await work();
		trouble.to = moment();
		this.#onTrouble(trouble);
	}
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
