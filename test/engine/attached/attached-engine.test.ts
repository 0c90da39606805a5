import {beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import type {InspectOptions} from '../../../source/cache/api/cache-options.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {AttachedEngine} from '../../../source/engine/attached/attached-engine.js';
import {chooseLiveCache, listLiveCaches} from '../../../source/engine/attached/live-processes.js';
import type {EngineEvent, EngineOptions, EngineSnapshot} from '../../../source/engine/protocol.js';
import type {CommandCall} from '../../../source/engine/specs/command-calls.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {runtimeFolder} from '../../support/runtime-folder.js';
import {until} from '../../support/until.js';

runtimeFolder();
const redis = redisFixture();
let names = 0;
let name: string;

// Of its own in each test: that of the one before may not have gone yet.
beforeEach(() => {
	name = `shop-${++names}`;
});

const options: EngineOptions = {
	embedded: false,
	readOnly: false,
	namespace: 'default',
	workload: {running: false, rate: 1, keys: 1},
	hz: 20,
};

const published = () => until(async () => (await find()) !== undefined, 'the cache can be watched');
const find = async () => (await listLiveCaches()).caches.find(({cache}) => cache.name === name);

const openCache = async (inspect: InspectOptions = {}): Promise<RedisCache> => {
	const cache = await redis.open({inspect: {name, ...inspect}});
	await published();
	return cache;
};

async function attach(more: Partial<EngineOptions> = {}) {
	const {path, process, cache} = chooseLiveCache(name, await listLiveCaches());
	const {id, namespace} = cache;
	const snapshots: EngineSnapshot[] = [];
	const events: EngineEvent[] = [];
	const engine = await AttachedEngine.start(
		{path, pid: process.pid, cache: id, name, namespace},
		{...options, ...more},
		(snapshot) => {
			snapshots.push(snapshot);
			events.push(...snapshot.events);
		},
	);
	onTestFinished(() => engine.close());
	const latest = () => {
		const snapshot = snapshots.at(-1);
		if (!snapshot?.attached) throw new Error('there is no snapshot');
		return {...snapshot, attached: snapshot.attached};
	};
	const run = (word: CommandCall['name'], args: readonly string[], consent?: string) =>
		engine.run({name: word, args, ...(consent !== undefined && {consent})} as unknown as CommandCall);
	return {engine, latest, run, texts: () => events.map(({text}) => text)};
}

it('shows an outage of the process, and its end', async () => {
	const proxy = await redis.proxy();
	const cache = await redis.openBehind(proxy, {inspect: {name}, breaker: {consecutive: 2}});
	await published();
	const {latest, texts} = await attach();
	expect(latest()).toMatchObject({source: 'process', readOnly: true, cache: {mode: {mode: 'connected'}}});
	proxy.add({kind: 'refuse'});
	await until(async () => {
		await cache.set('user:1', 'Ada');
		return latest().cache.mode.mode === 'fallback' && latest().cache.journal.size === 1;
	}, 'the outage and the dirty key are seen');
	proxy.heal();
	await until(() => latest().cache.mode.mode === 'connected' && latest().cache.journal.size === 0, 'it is over');
	await until(() => texts().some((text) => /^without Redis for .*: /.test(text)), 'the log has it in one line');
});

it('says which node of a cluster the process cannot use', async () => {
	const cache = await openCache();
	const {texts} = await attach();
	const mode = (name: 'connected' | 'fallback') => ({mode: name, at: Date.now(), reason: 'connection lost'});
	cache.internals.parts.recorder.events.emit('node', {
		...mode('fallback'),
		previous: mode('connected'),
		address: '10.0.0.7:6379',
		slots: 5461,
		replicas: [],
		clockOffsetMs: undefined,
		nodes: {inUse: 2, total: 3},
	});
	await until(
		() => texts().includes('10.0.0.7:6379 fallback: connection lost; 2 of 3 nodes in use'),
		'the log says so',
	);
});

it('shows loads in flight, those that wait, and the slowest ones', async () => {
	const cache = await redis.open({inspect: {name}, loader: {concurrency: 1, queue: 5}});
	await published();
	const {latest, texts} = await attach();
	let finish: ((value: string) => void) | undefined;
	const first = cache.getOrSet(
		'report:1',
		() =>
			new Promise<string>((resolve) => {
				finish = resolve;
			}),
	);
	await until(() => finish !== undefined, 'the first loader runs');
	const second = cache.getOrSet('report:2', () => 'the second');
	await until(() => latest().attached.loads.waiting === 1, 'one waits');
	expect(latest().attached.loads).toMatchObject({inFlight: 2, running: 1, limit: 1});
	expect(latest().attached.loads.oldest.map(({key}) => key)).toEqual(['report:1', 'report:2']);
	await until(() => (latest().attached.loads.oldest[0]?.ms ?? 0) > 1000, 'the first one has taken a second');
	finish?.('the first');
	await Promise.all([first, second]);
	await until(() => latest().attached.loads.inFlight === 0, 'none is left');
	const [slowest] = latest().attached.loads.slowest;
	expect(slowest).toMatchObject({namespace: 'default', key: 'report:1', outcome: 'loaded'});
	expect(slowest?.ms).toBeGreaterThan(1000);
	expect(texts()).toContainEqual(expect.stringMatching(/^the load of report:1 took 1\.\d+ s$/));
	expect(JSON.stringify(latest())).not.toContain('the first');
	await cache.getOrSet('report:3', () => Promise.reject(new Error('no database'))).catch(() => {});
	await until(() => texts().some((text) => text.startsWith('the load of report:3 failed after')), 'a failed load');
});

describe('a command', () => {
	it('is refused by a process that accepts none', async () => {
		const cache = await openCache();
		await cache.set('user:1', 'Ada');
		const {run} = await attach();
		for (const [word, args] of [
			['get', ['user:1']],
			['del', ['user:1']],
			['clear', []],
		] as const)
			expect(await run(word, args)).toMatchObject({
				ok: false,
				code: 'ERR_READ_ONLY',
				message: `the process accepts no commands: give its cache the option inspect: {commands: true} to use ${word}`,
			});
		expect(await cache.get('user:1')).toBe('Ada');
	});

	it('changes the cache of a process that accepts it, once its host was typed', async () => {
		const cache = await openCache({commands: true});
		await cache.set('user:1', {name: 'Ada'}, {tags: ['people']});
		const {run, latest} = await attach();
		expect(latest().readOnly).toBe(false);
		expect(await run('get', ['user:1'])).toMatchObject({ok: true, data: {value: {name: 'Ada'}}});
		const question = await run('set', ['user:2', '[1]', '1m']);
		expect(question).toMatchObject({ok: false, code: 'ERR_CONSENT', question: {word: expect.stringContaining('127')}});
		const word = question.ok ? '' : question.question?.word;
		expect(await run('set', ['user:2', '[1]', '1m'], word)).toMatchObject({ok: true, data: {stored: 'redis'}});
		expect(await cache.get('user:2')).toEqual([1]);
		expect(await run('mget', ['user:2', 'user:9'])).toMatchObject({lines: ['user:2 = [   1 ]', 'user:9 = (miss)']});
		expect(await run('ttl', ['user:2'])).toMatchObject({ok: true, data: expect.any(Number)});
		expect(await run('expire', ['user:2', '5m'])).toMatchObject({ok: true, data: {applied: true}});
		expect(await run('touch', ['user:2'])).toMatchObject({ok: true, data: {applied: true}});
		expect(await run('invalidate', ['people'], word)).toMatchObject({ok: true});
		expect(await run('has', ['user:1'])).toMatchObject({ok: true, data: false});
		expect(await run('del', ['user:2'], word)).toMatchObject({ok: true, lines: ['deleted 1 key in Redis']});
		expect(await cache.has('user:2')).toBe(false);
		await cache.set('user:3', 'Eve');
		expect(await run('flush', ['memory'])).toMatchObject({ok: true});
		expect(cache.stats().memory.entries).toBe(0);
		expect(await run('clear', [], word)).toMatchObject({ok: true});
		expect(await cache.has('user:3')).toBe(false);
		// An error of the cache is the answer.
		expect(await run('get', ['x'.repeat(2000)])).toMatchObject({ok: false, code: 'ERR_INVALID_KEY'});
	});

	it('is refused with --read-only, and where it needs a Redis of this program', async () => {
		await openCache({commands: true});
		const {run, latest} = await attach({readOnly: true});
		expect(latest().readOnly).toBe(true);
		expect(await run('clear', [])).toMatchObject({
			message: 'clear writes to Redis, and this program was started with --read-only',
		});
		const {url} = latest().target;
		expect(await run('show', ['slowlog'])).toMatchObject({
			message: `show asks Redis itself, whose password only the process knows: use redis-cache-tui --url ${url}`,
		});
		expect(await run('outage', ['reset'])).toMatchObject({
			message: expect.stringContaining(`redis-cache-tui tap --url ${url}`),
		});
		expect(await run('workload', ['stop'])).toMatchObject({
			message: expect.stringContaining('a live process has its own'),
		});
	});
});

it('says that a cache was closed, and goes on with the next one of its name', async () => {
	const cache = await openCache();
	const {latest, texts, run} = await attach();
	await cache.close();
	await until(() => latest().attached.state === 'ended', 'it has ended');
	expect(latest().attached.reason).toMatch(/the cache was closed|publishes no cache any more/);
	expect(await run('get', ['user:1'])).toMatchObject({ok: false, code: 'ERR_LIVE_ENDED'});
	expect(await find()).toBeUndefined();
	const next = await openCache();
	await until(() => latest().attached.state === 'live', 'it is attached again');
	expect(latest().cache.startedAt).toBe(next.stats().startedAt);
	expect(texts().filter((text) => text.startsWith(`attached to ${name}`))).toHaveLength(2);
});

it('is switched on by the environment, under the name that stands there', async () => {
	process.env.REDIS_CACHE_TUI_INSPECT = name;
	onTestFinished(() => void delete process.env.REDIS_CACHE_TUI_INSPECT);
	await redis.open();
	await published();
	await redis.open({inspect: false, namespace: 'hidden'});
	process.env.REDIS_CACHE_TUI_INSPECT = '0';
	await redis.open({namespace: 'off'});
	expect((await listLiveCaches()).caches.map(({cache}) => cache.namespace)).toEqual(['default']);
});
