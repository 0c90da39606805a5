import {afterAll, beforeAll, expect, it, onTestFailed, onTestFinished} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {Chance} from '../../soak/chance.js';
import {type RedisCluster, startRedisCluster} from '../../support/redis-cluster.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';
import {createServerClock, describeClocks, type ServerClockControl} from '../../support/server-clock.js';
import {until} from '../../support/until.js';
import {untilReconciled} from '../support/states.js';

const stepCount = 500;
const keys = Array.from({length: 12}, (_, index) => `k${index}`);
const tagsOf = (key: string): string[] => [`t${keys.indexOf(key) % 3}`];
const patient = {everyMs: 1};

/** A load whose loader has read its row, and waits. */
type Load = {readonly key: string; readonly release: () => void; readonly loaded: Promise<unknown>};

describeClocks.each(['one Redis', 'a cluster'] as const)('on %s whose clocks are set again and again', (where) => {
	const isCluster = where === 'a cluster';
	const clocks: ServerClockControl[] = [];
	let servers: RedisCluster | RedisProcess;

	beforeAll(async () => {
		clocks.push(...Array.from({length: isCluster ? 3 : 1}, createServerClock));
		const envs = clocks.map(({env}) => env);
		servers = isCluster ? await startRedisCluster(envs) : await startRedisProcess({env: envs[0] ?? {}});
	});

	afterAll(async () => {
		await servers.close();
		for (const clock of clocks) clock.close();
	});

	const open = async (options: CacheOptions): Promise<RedisCache> => {
		const cache = new RedisCache({url: servers.url, deadline: '2s', ttl: {default: '1h', jitter: 0}, ...options});
		onTestFinished(() => cache.close());
		await cache.ready('30s');
		return cache;
	};

	it('no call returns an older row than the database has, whatever is changed, invalidated and loaded', async () => {
		const seed = Math.floor(Math.random() * 2 ** 31);
		const history: string[] = [];
		onTestFailed(() => {
			process.stdout.write(`seed ${seed}\n${history.slice(-60).join('\n')}\n`);
		});
		const chance = new Chance(seed);
		const asking = [await open({memory: false}), await open({memory: false})];
		const remembering = await open({memory: {coherence: 'broadcast'}});
		const all = [...asking, remembering];
		const rows = new Map(keys.map((key) => [key, 0]));
		const change = (key: string) => rows.set(key, (rows.get(key) ?? 0) + 1);
		const loads: Load[] = [];
		let hits = 0;

		const read = async (key: string): Promise<void> => {
			for (const cache of asking) {
				const value = await cache.get(key);
				if (value !== undefined) hits++;
				expect([undefined, rows.get(key)]).toContain(value);
			}
			// Announcements are on their way for a moment.
			const isCurrent = async () => [undefined, rows.get(key)].includes(await remembering.get(key));
			await until(isCurrent, `${key} in memory is ${rows.get(key)}`, patient);
		};

		/** A write that was too late for a clock that was set is repeated; until then other processes do not see it. */
		const confirmed = async (cache: RedisCache, changing: Promise<{readonly stored: string}>): Promise<void> => {
			const {stored} = await changing;
			history.push(`… ${stored}`);
			if (stored !== 'redis') await untilReconciled(cache);
		};

		const begin = async (cache: RedisCache, key: string): Promise<void> => {
			let release = (): void => {};
			let hasRead = false;
			const loaded = cache.getOrSet(
				key,
				() => {
					const row = rows.get(key);
					hasRead = true;
					return new Promise((resolve) => {
						release = () => resolve(row);
					});
				},
				{tags: tagsOf(key)},
			);
			let isOver = false;
			void loaded.then(() => {
				isOver = true;
			});
			await until(() => hasRead || isOver, 'the loader has read its row', patient);
			if (!isOver) loads.push({key, release, loaded});
		};

		const actions: Readonly<Record<string, () => Promise<void>>> = {
			async set() {
				const [key, cache] = [chance.of(keys), chance.of(all)];
				change(key);
				history.push(`set ${key} ${rows.get(key)} by ${all.indexOf(cache)}`);
				await confirmed(cache, cache.set(key, rows.get(key), {tags: tagsOf(key)}));
			},
			async delete() {
				const [key, cache] = [chance.of(keys), chance.of(all)];
				change(key);
				history.push(`delete ${key} by ${all.indexOf(cache)}`);
				await confirmed(cache, cache.delete(key));
			},
			async invalidate() {
				const [tag, cache] = [chance.of(['t0', 't1', 't2']), chance.of(all)];
				for (const key of keys) if (tagsOf(key).includes(tag)) change(key);
				history.push(`invalidate ${tag} by ${all.indexOf(cache)}`);
				await confirmed(cache, cache.invalidateTags([tag]));
			},
			async clear() {
				const cache = chance.of(all);
				for (const key of keys) change(key);
				history.push(`clear by ${all.indexOf(cache)}`);
				await confirmed(cache, cache.clear());
			},
			async load() {
				const [key, cache] = [chance.of(keys), chance.of(all)];
				if (loads.length >= 4 || loads.some((load) => load.key === key)) return;
				history.push(`load ${key} by ${all.indexOf(cache)}`);
				await begin(cache, key);
			},
			async release() {
				const [load] = loads.splice(chance.whole(0, loads.length - 1), 1);
				if (load === undefined) return;
				history.push(`release ${load.key}`);
				load.release();
				await load.loaded;
			},
			async step() {
				const ms = chance.of([-20_000, -800, -250, -6, 0, 6, 250, 800, 20_000]);
				const index = chance.whole(0, clocks.length - 1);
				history.push(`clock ${index} to ${ms} ms`);
				clocks[index]?.set(ms);
			},
			async read() {
				await read(chance.of(keys));
			},
		};
		const weights = {set: 8, delete: 2, invalidate: 2, clear: 1, load: 4, release: 4, step: 3, read: 12};
		for (let step = 0; step < stepCount; step++) await actions[chance.weighted(weights)]?.();
		for (const {release} of loads) release();
		await Promise.all(loads.map(({loaded}) => loaded));
		for (const key of keys) await read(key);
		expect(hits).toBeGreaterThan(50);
		expect(all.map((cache) => cache.stats().mode.mode)).toEqual(['connected', 'connected', 'connected']);
	}, 120_000);
});
