import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {allSafetySwitches, type SafetySwitches} from '../../source/cache/outage/safety-switches.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {type Child, startChild} from '../support/child.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {canSetClocks, createServerClock} from '../support/server-clock.js';
import {Actor} from './actor.js';
import {cast, type Role, roleOf, rotatedUsers} from './cast.js';
import {Chance} from './chance.js';
import type {FromChild} from './child.js';
import {Faults} from './faults.js';
import {Judge, troubledLagMs, type Verdict} from './judge.js';
import {moment} from './moment.js';
import {Origin} from './origin.js';
import type {SoakRecord} from './records.js';
import {Sluggishness} from './sluggishness.js';
import {longestStart} from './start-limit.js';
import {type Unsettled, unsettled} from './unsettled.js';
import {switchWays, type Way, ways, withWay} from './ways.js';

export type SoakOptions = {
	readonly seconds: number;
	readonly seed: number;
	/** Calls of each cache in progress at the same time. Default 4. */
	readonly fibers?: number;
	/** Longest pause between two calls, in ms. Default 12. */
	readonly pauseMs?: number;
	/** Safety mechanisms that are off, to check that the judge notices. */
	readonly switches?: Partial<SafetySwitches>;
	/** The way in which the caches learn of changes. Default: each in a way of its own. */
	readonly way?: Way;
	/** Called every few seconds with the state of the run. */
	readonly onProgress?: (line: string) => void;
};

export type SoakReport = {
	readonly seed: number;
	readonly seconds: number;
	readonly calls: number;
	readonly counts: Judge['counts'];
	readonly faults: Readonly<Record<string, number>>;
	/** Longest time after a change at which an older value was read without faults, in ms. */
	readonly worstLagMs: number;
	/** Processes that were killed, and whose journals were adopted. */
	readonly kills: number;
	/** Longest time from the end of the last fault until every cache was connected with nothing dirty, in ms. */
	readonly worstRecoveryMs: number;
	readonly verdicts: readonly Verdict[];
};

/** Caches must be connected again this long after the last fault: two back-offs and a recovery, on a busy machine. */
const recoveryLimitMs = 6000;
const slowRecoveryMs = 1500;
/** Half of the deadline of the caches. A server later than that makes calls miss it without a fault. */
const lateServerMs = 100;
/** A server that is late for as long as this is not waited for any more. */
const longestRecoveryMs = 60_000;

/**
 * Several caches in several processes on one real server, each behind a fault proxy of its own, make random calls while
 * faults come and go; a judge compares the values they read with the changes that were acknowledged.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
	const chance = new Chance(options.seed);
	const world = new World(options, chance);
	try {
		await world.open();
		await world.run();
	} finally {
		await world.close();
	}
	return world.report();
}

class World {
	readonly #options: SoakOptions;
	readonly #chance: Chance;
	readonly #origin = new Origin();
	readonly #sluggishness = new Sluggishness();
	readonly #proxies = new Map<string, FaultProxy>();
	readonly #caches = new Map<string, RedisCache>();
	readonly #stopSwitching: (() => void)[] = [];
	readonly #actors: Actor[] = [];
	readonly #children = new Map<number, Child>();
	readonly #judge: Judge;
	readonly #clock = canSetClocks ? createServerClock() : undefined;
	#redis: RedisProcess | undefined;
	#faults: Faults | undefined;
	#calls = 0;
	/** For journals of processes that are killed. */
	readonly #directory = mkdtempSync(join(tmpdir(), 'rct-soak-'));
	/** Names of the caches of each role whose processes were killed. */
	readonly #killed = new Map<string, string[]>();
	#worstRecoveryMs = 0;
	#startedAt = 0;

	constructor(options: SoakOptions, chance: Chance) {
		this.#options = options;
		this.#chance = chance;
		this.#judge = new Judge({
			troubled: (cache, from, to) => this.#faults?.troubled(roleOf(cache), from, to) ?? false,
			sluggish: () => this.#sluggishness.worst,
			serverLateMs: () => this.#faults?.serverLateMs ?? 0,
		});
	}

	async open(): Promise<void> {
		const redis = await startRedisProcess({
			args: rotatedUsers,
			...(this.#clock === undefined ? {} : {env: this.#clock.env}),
		});
		this.#redis = redis;
		for (const {name} of cast)
			this.#proxies.set(name, await startFaultProxy({target: {host: redis.host, port: redis.port}}));
		this.#faults = new Faults({
			proxies: this.#proxies,
			redis,
			clock: this.#clock,
			chance: this.#chance.fork(),
			onLate: (ms) =>
				this.#hear({type: 'note', cache: 'server', at: moment(), text: `answered after ${Math.round(ms)} ms`}),
			onTrouble: ({caches, what, to}) =>
				this.#hear({
					type: 'note',
					cache: caches.length === 1 ? (caches[0] ?? '') : caches.length === 0 ? 'server' : 'all',
					at: moment(),
					text: to === undefined ? `FAULT ${what}` : `over: ${what}`,
				}),
		});
		for (const role of cast) {
			if (role.process > 0) {
				await this.#startRemote(role);
				continue;
			}
			const {name, options} = role;
			const {url, chance, fibers, pauseMs, switches, way} = this.#termsOf(role);
			const cache = new RedisCache({...withWay(options, way), url}, switches);
			this.#caches.set(name, cache);
			await cache.ready(longestStart);
			if (way === 'switching') this.#stopSwitching.push(switchWays(cache, chance.fork()));
			const emit = (record: SoakRecord) => this.#hear(record);
			const [origin, sluggishness] = [this.#origin, this.#sluggishness];
			this.#actors.push(new Actor({name, cache, origin, chance, sluggishness, pauseMs, emit}, fibers));
		}
	}

	/** Opens the cache of a role in its process, which may be a new one. */
	async #startRemote(role: Role): Promise<void> {
		const {process: place, isMortal} = role;
		const {chance, ...terms} = this.#termsOf(role);
		const inherits = this.#killed.get(role.name) ?? [];
		const name = inherits.length === 0 ? role.name : `${role.name}#${inherits.length + 1}`;
		const child = this.#children.get(place) ?? (await this.#startChild(place));
		const journals = isMortal === true ? {directory: this.#directory} : {};
		await child.call('start', {...terms, ...journals, name, inherits, seed: chance.whole(0, 2 ** 31)});
	}

	#termsOf({name}: Role) {
		const proxy = this.#proxies.get(name);
		const {fibers = 4, pauseMs = 12} = this.#options;
		return {
			url: `redis://${proxy?.host}:${proxy?.port}`,
			chance: this.#chance.fork(),
			fibers,
			pauseMs,
			switches: {...allSafetySwitches, ...this.#options.switches},
			way: this.#options.way ?? this.#chance.of(ways),
		};
	}

	/** Kills a process that cannot reach Redis, and starts another one, which adopts its journal. */
	async #kill(role: Role): Promise<void> {
		const killed = this.#killed.get(role.name) ?? [];
		const name = killed.length === 0 ? role.name : `${role.name}#${killed.length + 1}`;
		const proxy = this.#proxies.get(role.name);
		const fault = proxy?.add({kind: 'refuse'});
		await new Promise((resolve) => setTimeout(resolve, this.#chance.between(100, 600)));
		// From now on no change of another cache hides a value that comes back.
		await this.#quieten(true);
		await this.#children.get(role.process)?.kill();
		if (fault !== undefined) proxy?.lift(fault.id);
		this.#children.delete(role.process);
		this.#killed.set(role.name, [...killed, name]);
		this.#hear({type: 'note', cache: name, at: moment(), text: 'its process was killed'});
		await this.#startRemote(role);
		await this.#quieten(true);
	}

	async run(): Promise<void> {
		this.#startedAt = moment();
		let end = this.#startedAt + this.#options.seconds * 1000;
		let nextProgress = this.#startedAt + 5000;
		while (moment() < end && this.#judge.verdicts.length === 0) {
			// A period of faults with short breaks, then a quiet period in which everything must recover.
			const stretchEnds = Math.min(end, moment() + this.#chance.between(500, 5000));
			while (moment() < stretchEnds) {
				await this.#faults?.disturb();
				if (this.#chance.is(0.5)) await new Promise((resolve) => setTimeout(resolve, this.#chance.between(0, 400)));
			}
			const faultsEnded = moment();
			for (const role of cast) if (role.isMortal === true && this.#chance.is(0.25)) await this.#kill(role);
			// A busy machine takes long to start a process, and there are no faults meanwhile.
			end += moment() - faultsEnded;
			await this.#recovered();
			// In the quiet period no change hides a value that has come back.
			await this.#quieten(true);
			await new Promise((resolve) => setTimeout(resolve, troubledLagMs + 600));
			await this.#quieten(false);
			this.#judge.judge();
			if (moment() > nextProgress) {
				nextProgress = moment() + 5000;
				this.#options.onProgress?.(this.#progress());
			}
		}
	}

	async close(): Promise<void> {
		await this.#faults?.close();
		const results = await Promise.allSettled([
			...this.#actors.map(async (actor) => {
				await actor.stop();
				this.#calls += actor.calls;
			}),
			...[...this.#children.values()].map(async (child) => {
				this.#calls += await child.call<number>('stop');
			}),
		]);
		for (const stop of this.#stopSwitching) stop();
		await Promise.all([...this.#caches.values()].map((cache) => cache.close()));
		await Promise.all([...this.#children.values()].map((child) => child.kill()));
		await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
		await this.#redis?.close();
		this.#clock?.close();
		rmSync(this.#directory, {recursive: true, force: true});
		this.#judge.judge(true);
		this.#sluggishness.stop();
		for (const result of results) if (result.status === 'rejected') throw result.reason;
	}

	report(): SoakReport {
		return {
			seed: this.#options.seed,
			seconds: Math.round((moment() - this.#startedAt) / 1000),
			calls: this.#calls,
			counts: this.#judge.counts,
			faults: Object.fromEntries(this.#faults?.counts ?? []),
			kills: [...this.#killed.values()].flat().length,
			worstLagMs: Math.round(this.#judge.worstLagMs),
			worstRecoveryMs: Math.round(this.#worstRecoveryMs),
			verdicts: this.#judge.verdicts,
		};
	}

	async #quieten(quiet: boolean): Promise<void> {
		for (const actor of this.#actors) actor.quiet = quiet;
		await Promise.all([...this.#children.values()].map((child) => child.call('quiet', quiet)));
	}

	/**
	 * Waits until every cache is connected with nothing dirty. At the limit it is enough that each has been so at some time,
	 * since a busy machine makes keys dirty without a fault. Time in which the server is late does not count.
	 */
	async #recovered(): Promise<void> {
		const begun = moment();
		let punctualSince = begun;
		const awaited = new Set(cast.map(({name}) => name));
		let lacked: readonly Unsettled[] = [];
		for (;;) {
			const lacks = await this.#unsettled();
			const lacking = new Set(lacks.map(({name}) => roleOf(name)));
			for (const name of awaited) if (!lacking.has(name)) awaited.delete(name);
			const now = moment();
			if ((this.#faults?.serverLateMs ?? 0) > lateServerMs) punctualSince = now;
			const took = now - begun;
			const isOver = now - punctualSince > recoveryLimitMs + 4 * this.#sluggishness.worst || took > longestRecoveryMs;
			if (lacks.length === 0 || (isOver && awaited.size === 0)) {
				if (took > slowRecoveryMs)
					this.#options.onProgress?.(`recovered after ${Math.round(took)} ms; last: ${told(lacked)}`);
				this.#worstRecoveryMs = Math.max(this.#worstRecoveryMs, took);
				return;
			}
			if (isOver) {
				const stuck = told(lacks.filter(({name}) => awaited.has(roleOf(name))));
				if (took > longestRecoveryMs) this.#options.onProgress?.(`not recovered from a late server: ${stuck}`);
				else {
					const what = `not recovered ${Math.round(took)} ms after the last fault: ${stuck}`;
					this.#hear({type: 'failure', cache: 'all', at: now, what});
				}
				return;
			}
			lacked = lacks;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	async #unsettled(): Promise<readonly Unsettled[]> {
		const there = await Promise.all([...this.#children.values()].map((child) => child.call<Unsettled[]>('unsettled')));
		return [...[...this.#caches].flatMap(([name, cache]) => unsettled(name, cache) ?? []), ...there.flat()];
	}

	async #startChild(place: number): Promise<Child> {
		const child: Child = await startChild(new URL('child.ts', import.meta.url), (message) => {
			const sent = message as FromChild;
			if ('records' in sent) for (const record of sent.records) this.#hear(record);
			else void this.#answer(child, sent);
		});
		this.#children.set(place, child);
		return child;
	}

	async #answer(
		child: Child,
		{ask, rows, change}: {readonly ask: number; readonly rows: readonly number[]; readonly change: boolean},
	): Promise<void> {
		const versions = change
			? await this.#origin.change(rows)
			: await Promise.all(rows.map((row) => this.#origin.read(row)));
		child.send({answer: ask, versions});
	}

	#hear(record: SoakRecord): void {
		this.#judge.hear(record);
	}

	#progress(): string {
		const {counts} = this.#judge;
		const seconds = Math.round((moment() - this.#startedAt) / 1000);
		return `${seconds} s: ${counts.reads} reads (${counts.hits} with a value, ${counts.boundReads} while all were bound), ${counts.changes} changes`;
	}
}

function told(caches: readonly Unsettled[]): string {
	return caches.map(({name, why}) => `${name}: ${why}`).join('; ');
}
