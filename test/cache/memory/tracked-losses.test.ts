import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startHalfOpenForwarder} from '../../support/half-open-forwarder.js';
import {itReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {untilConnected, untilTracking, untilUntracked} from '../support/states.js';

const fixture = redisFixture();

const tracked: CacheOptions = {ttl: {default: '1h', jitter: 0}, memory: {coherence: 'tracked'}};

/** Reads until the value is served from memory. */
const untilInMemory = (cache: RedisCache, key: string) =>
	until(async () => (await cache.getEntry(key))?.source === 'memory', `${key} is served from memory`);

const untilSeen = (cache: RedisCache, key: string, expected: unknown) =>
	until(async () => (await cache.get(key)) === expected, `${String(expected)} is seen`);

/** A cache that has `k` in memory, and one beside it. */
const openPair = async (options: CacheOptions = {}): Promise<[cache: RedisCache, other: RedisCache]> => {
	const other = await fixture.open({ttl: '1h'});
	await other.set('k', 'old');
	const cache = await fixture.open({...tracked, ...options});
	await untilTracking(cache);
	await untilInMemory(cache, 'k');
	return [cache, other];
};

/** Ids of the connections of the cache whose clients have this name. */
const connections = async (name: string, kind: 'lanes' | 'subscriber'): Promise<readonly string[]> => {
	const clients = String(await fixture.raw.client('LIST')).split('\n');
	const found = clients.filter(
		(line) => line.includes(` name=${name} `) && / sub=0 /.test(line) === (kind === 'lanes'),
	);
	expect(found.length).toBe(kind === 'lanes' ? 2 : 1);
	return found.map((line) => /^id=(\d+)/.exec(line)?.[1] ?? '');
};

/** Switches the mechanism off: a gap leaves entries verified. */
const forgetGaps = (cache: RedisCache): void => {
	const {tier} = cache.internals.parts.namespaces.open('default');
	if (tier !== undefined) tier.markAllUnverified = () => {};
};

const named: CacheOptions = {pool: {clientName: 'tracked'}};

describe('a cache whose reads Redis tracks', () => {
	for (const kinds of [['lanes'], ['subscriber'], ['lanes', 'subscriber'], ['subscriber', 'lanes']] as const) {
		it(`serves nothing outdated after ${kinds.join(' and ')} were lost`, async () => {
			const [cache, other] = await openPair(named);
			for (let round = 0; round < 3; round++) {
				for (const kind of kinds)
					for (const id of await connections('tracked', kind)) await fixture.raw.client('KILL', 'ID', id);
				await other.set('k', round);
				await untilSeen(cache, 'k', round);
				await untilConnected(cache);
				await untilTracking(cache);
				await untilInMemory(cache, 'k');
				// Tracked again.
				await other.set('k', `after ${round}`);
				await untilSeen(cache, 'k', `after ${round}`);
				await until(() => cache.internals.pool.lanes.every(({state}) => state === 'ready'), 'all lanes are back');
				await untilInMemory(cache, 'k');
			}
		});
	}

	/** One lane is lost after the other, so that Redis stays in use. */
	const afterLostLanes = async (remembersGaps: boolean): Promise<unknown> => {
		const [cache, other] = await openPair({...named, heartbeat: '1m'});
		if (!remembersGaps) forgetGaps(cache);
		const lanes = await connections('tracked', 'lanes');
		for (const [index, id] of lanes.entries()) {
			let readyAgain = 0;
			const unlisten = cache.internals.pool.onLane(({type}) => {
				if (type === 'ready') readyAgain++;
			});
			await fixture.raw.client('KILL', 'ID', id);
			await until(() => readyAgain > 0, `lane ${index} is ready again`);
			unlisten();
		}
		await other.set('k', 'new');
		await other.set('signal', 1);
		await untilSeen(cache, 'signal', 1);
		expect(cache.stats().modes.filter(({mode}) => mode === 'fallback')).toEqual([]);
		return cache.get('k');
	};

	it('reads again what lost lanes have read', async () => {
		expect(await afterLostLanes(true)).toBe('new');
	});

	it('would serve what lost lanes have read, if gaps did not make entries unverified', async () => {
		expect(await afterLostLanes(false)).toBe('old');
	});

	it('finds lanes that only the server has closed, by asking them', async () => {
		const forwarder = await startHalfOpenForwarder(fixture.redis);
		const [cache, other] = await openPair({url: `redis://127.0.0.1:${forwarder.port}`});
		forwarder.closeAtServer();
		await other.set('k', 'new');
		// There are only memory hits: no command of a caller notices it.
		await until(() => cache.internals.parts.tracking.state.kind === 'gap', 'the silence is noticed', {everyMs: 1});
		await untilSeen(cache, 'k', 'new');
		await untilTracking(cache);
	});

	it('serves nothing outdated after a silence of the whole network', async () => {
		const proxy = await fixture.proxy();
		const [cache, other] = await openPair({url: `redis://${proxy.host}:${proxy.port}`});
		proxy.add({kind: 'blackhole', direction: 'down'});
		await other.set('k', 'new');
		await until(() => cache.internals.parts.tracking.state.kind !== 'tracking', 'the silence is noticed');
		proxy.heal();
		await untilConnected(cache);
		await untilSeen(cache, 'k', 'new');
		await untilTracking(cache);
	});

	it('reads again what removed lanes have read', async () => {
		const [cache, other] = await openPair({pool: {lanes: 4}});
		await cache.internals.pool.resize(1);
		await other.set('k', 'new');
		await untilSeen(cache, 'k', 'new');
		await untilInMemory(cache, 'k');
		await cache.internals.pool.resize(3);
		await until(() => cache.internals.pool.lanes.every(({state}) => state === 'ready'), 'added lanes are ready');
		for (let round = 0; round < 6; round++) {
			await untilInMemory(cache, 'k');
			await other.set('k', round);
			await untilSeen(cache, 'k', round);
		}
	});

	it('serves nothing outdated after a new lane with room for two commands was lost', async () => {
		const [cache, other] = await openPair({pool: {clientName: 'tracked', capacity: 2}, heartbeat: '1m'});
		for (const id of await connections('tracked', 'lanes')) {
			const reconnects = () => cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.reconnects, 0);
			const before = reconnects();
			await fixture.raw.client('KILL', 'ID', id);
			await until(() => reconnects() > before, 'the lane is ready again');
		}
		for (let round = 0; round < 4; round++) {
			await untilConnected(cache);
			// Both lanes take part.
			await untilSeen(cache, 'k', round === 0 ? 'old' : round - 1);
			await cache.get('k');
			await other.set('k', round);
			await untilSeen(cache, 'k', round);
		}
	});

	itReal('trusts memory for a short time where it may not have its reads tracked', async () => {
		await fixture.raw.call('ACL', 'SETUSER', 'untracked', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
		const cache = await fixture.open({
			...tracked,
			memory: {coherence: 'tracked', trust: 100},
			url: `redis://untracked:any@127.0.0.1:${fixture.redis.port}`,
		});
		await untilUntracked(cache);
		const other = await fixture.open();
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		await other.set('k', 'new');
		await untilSeen(cache, 'k', 'new');
		expect(cache.stats().memory.coherence).toBe('ttl');
	});

	itReal.each(['auto', 'tracked'] as const)(
		'serves from memory what it has set itself where it may not have its reads tracked (%s)',
		async (coherence) => {
			await fixture.raw.call('ACL', 'SETUSER', 'untracked', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
			const cache = await fixture.open({
				memory: {coherence, trust: '1m'},
				url: `redis://untracked:any@127.0.0.1:${fixture.redis.port}`,
			});
			await untilUntracked(cache);
			await cache.set('k', 'own');
			expect((await cache.getEntry('k'))?.source).toBe('memory');
		},
	);

	it('has nothing tracked any more when it goes over to broadcasts while its subscriber is lost', async () => {
		const [cache] = await openPair(named);
		const trackedLanes = async () =>
			String(await fixture.raw.client('LIST'))
				.split('\n')
				.filter((line) => line.includes(' name=tracked ') && / sub=0 /.test(line) && / flags=\w*t/.test(line)).length;
		expect(await trackedLanes()).toBe(2);
		for (const id of await connections('tracked', 'subscriber')) await fixture.raw.client('KILL', 'ID', id);
		const {tracking} = cache.internals.parts;
		await until(() => tracking.state.kind === 'gap', 'the loss is noticed', {everyMs: 1});
		tracking.use('broadcast');
		await until(async () => (await trackedLanes()) === 0, 'Redis remembers no reads');
		await untilTracking(cache);
		expect(await trackedLanes()).toBe(0);
	});

	it('has nothing tracked any more when it is closed', async () => {
		const [cache] = await openPair();
		await cache.close();
		await until(
			async () => /tracking_clients:2\r/.test(await fixture.raw.info('clients')),
			'only the lanes of the other one are left',
		);
	});
});
