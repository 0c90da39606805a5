import {spawn} from 'node:child_process';
import diagnosticsChannel from 'node:diagnostics_channel';
import {once} from 'node:events';
import {readdir} from 'node:fs/promises';
import {Agent, get, type IncomingMessage, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi} from 'vitest';
import {listLiveCaches} from '../../../source/engine/attached/live-processes.js';
import type {RedisCache} from '../../../source/index.js';
import {bundleScript} from '../../support/bundle-script.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {freePort} from '../../support/redis-process.js';
import {until} from '../../support/until.js';
import {untilFallback, untilStored} from '../support/states.js';

const fixture = redisFixture();

const folder = new URL('../recipes/', import.meta.url);

const closing: (() => Promise<unknown>)[] = [];

const close = (cache: RedisCache): void => void closing.push(() => cache.close());

/** Requests a page and reads the whole response. Rejects if the connection is closed before it. */
async function request(port: number, agent?: Agent): Promise<IncomingMessage> {
	const asked = get({port, host: '127.0.0.1', agent: agent ?? false});
	const [response] = (await once(asked, 'response')) as [IncomingMessage];
	response.resume();
	await once(response, 'end');
	return response;
}

/** Lets the server of a recipe listen, and requests a path. */
const ask = async (server: Server, path: string): Promise<{readonly status: number; readonly text: string}> => {
	if (!server.listening) {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		closing.push(async () => server.close());
	}
	const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
	return {status: response.status, text: await response.text()};
};

beforeAll(() => {
	vi.stubEnv('REDIS_URL', fixture.redis.url);
	vi.stubEnv('STATE_DIRECTORY', fixture.redis.directory);
});

afterAll(() => {
	vi.unstubAllEnvs();
});

afterEach(async () => {
	for (const stop of closing.splice(0)) await stop();
	vi.restoreAllMocks();
});

describe('the recipes of the guide', () => {
	it('get you started', async () => {
		const {asked} = await import('../recipes/database.js');
		const before = asked.count;
		await import('../recipes/getting-started.js');
		expect(asked.count).toBe(before + 1);
		expect(await fixture.raw.exists('rct:default:user:1', 'rct:default:greeting')).toBe(1);
	});

	it('set TTLs', async () => {
		const {cache} = await import('../recipes/ttl.js');
		close(cache);
		await cache.set('price:7', 1);
		await cache.set('country:de', 1);
		await cache.set('else', 1);
		expect(await cache.ttl('price:7')).toBeLessThanOrEqual(11_000);
		expect(await cache.ttl('country:de')).toBeGreaterThan(75_000_000);
		expect(await cache.ttl('else')).toBeLessThanOrEqual(330_000);
	});

	it('group users by namespace and tag', async () => {
		const {cache, users, findUser} = await import('../recipes/tags.js');
		close(cache);
		await findUser('1');
		expect(await users.has('1')).toBe(true);
		await users.invalidateTags(['team:blue']);
		expect(await users.has('1')).toBe(false);
	});

	it('load many users with one query', async () => {
		const {cache, findUsers} = await import('../recipes/many.js');
		const {asked} = await import('../recipes/database.js');
		close(cache);
		const before = asked.count;
		expect([...(await findUsers(['2', '1'])).keys()]).toEqual(['1']);
		expect(await findUsers(['2', '1'])).toHaveProperty('size', 1);
		expect(asked.count).toBe(before + 1);
	});

	it('keep what is not modified', async () => {
		const {cache, findPage} = await import('../recipes/not-modified.js');
		close(cache);
		const page = await findPage('/');
		await untilStored(cache);
		await cache.expire('/', 1);
		await until(async () => (await cache.get('/')) === undefined, 'it is stale');
		expect(await findPage('/')).toEqual(page);
	});

	it('leave stale values while new ones are loaded', async () => {
		const {cache, findUser, changeName, refreshAll} = await import('../recipes/soft.js');
		close(cache);
		await cache.set('user:9', {name: 'Bob'}, {tags: ['users']});
		await changeName({id: '9', name: 'Robert', team: 'red'});
		const names = new Set<string | undefined>();
		await until(async () => names.add((await findUser('9'))?.name).has('Robert'), 'the new name is loaded');
		expect(await cache.get('user:9')).toMatchObject({name: 'Robert'});
		await refreshAll();
		expect(await cache.get('user:9')).toBeUndefined();
		expect(await findUser('9')).toMatchObject({name: 'Robert'});
	});

	itReal('log in with a token', async () => {
		const {openCache} = await import('../recipes/credentials.js');
		await fixture.raw.call('ACL', 'SETUSER', 'shop', 'on', '>sesame', '~*', '&*', '+@all');
		const cache = openCache();
		close(cache);
		await cache.ready();
		expect(String(await fixture.raw.call('CLIENT', 'LIST'))).toContain(' user=shop ');
	});

	it('offers a process to viewers', async () => {
		const {openCache} = await import('../recipes/inspect.js');
		close(openCache());
		await until(
			async () => (await listLiveCaches()).caches.some(({cache}) => cache.name === 'shop-api'),
			'the process is listed',
		);
	});

	it('share a folder of journals', async () => {
		const {openCache} = await import('../recipes/journal-directory.js');
		const cache = openCache();
		close(cache);
		await cache.ready();
		expect(await readdir(join(fixture.redis.directory, 'journals'))).toHaveLength(2);
	});

	it('limit loaders', async () => {
		const {cache, findUser} = await import('../recipes/loader-limits.js');
		close(cache);
		expect(await findUser('1')).toMatchObject({name: 'Ada'});
		expect(await findUser('2')).toBeUndefined();
	});

	it('answer HTTP requests, also while Redis is away', async () => {
		const {cache, server} = await import('../recipes/http-handler.js');
		close(cache);
		expect(await ask(server, '/users/1')).toEqual({
			status: 200,
			text: JSON.stringify({id: '1', name: 'Ada', team: 'blue'}),
		});
		expect((await ask(server, '/users/2')).status).toBe(404);
		expect((await ask(server, `/users/${'x'.repeat(600)}`)).status).toBe(404);
		fixture.redis.pause();
		expect((await ask(server, '/users/1')).status).toBe(200);
		fixture.redis.resume();
	});

	it('answer Prometheus', async () => {
		const {cache, server} = await import('../recipes/metrics-endpoint.js');
		close(cache);
		expect((await ask(server, '/metrics')).text).toContain('redis_cache_misses_total{cache="users"} 0');
	});

	it('show every process what one has changed', async () => {
		const {cache, findUser, changeUser} = await import('../recipes/several-processes.js');
		close(cache);
		await cache.ready('30s');
		const other = await fixture.open();
		expect((await findUser('1'))?.name).toBe('Ada');
		await until(async () => (await other.get('user:1')) !== undefined, 'the other one has it in memory');
		await changeUser({id: '1', name: 'Grace', team: 'blue'});
		expect((await findUser('1'))?.name).toBe('Grace');
		await until(
			async () => (await other.get<{readonly name: string}>('user:1'))?.name === 'Grace',
			'the other one has the new user',
		);
	});

	it('answer every request, and end the process by itself, on SIGTERM', async () => {
		await fixture.raw.set('rct:default:greeting', 'not an entry: a miss');
		const port = await freePort();
		const child = spawn(process.execPath, [await bundleScript(new URL('shutdown.ts', folder))], {
			env: {...process.env, REDIS_URL: fixture.redis.url, PORT: String(port)},
			stdio: ['ignore', 'inherit', 'pipe'],
		});
		onTestFinished(() => void child.kill('SIGKILL'));
		const complaints: string[] = [];
		child.stderr.on('data', (text: Buffer) => complaints.push(String(text)));
		const exited = once(child, 'exit');
		await until(async () => (await request(port).catch(() => undefined)) !== undefined, 'it answers');
		// Ten clients, each with a connection of its own, which ask again as long as the connection lives.
		let requests = 0;
		const clients = Array.from({length: 10}, async () => {
			const agent = new Agent({keepAlive: true, maxSockets: 1});
			for (let isOpen = true; isOpen; requests++) {
				const response = await request(port, agent);
				expect(response.statusCode).toBe(200);
				isOpen = response.headers.connection !== 'close';
				// Idle now and then: a server that closes would close such a connection at once.
				await sleep(20 * Math.random());
			}
		});
		await until(() => requests > 100, 'the clients are busy');
		child.kill('SIGTERM');
		await Promise.all(clients);
		expect(await exited).toEqual([0, null]);
		expect(complaints).toEqual([]);
	});

	it('tell whether a session is certainly gone', async () => {
		const {cache, logOut} = await import('../recipes/strict.js');
		close(cache);
		await cache.ready('30s');
		await cache.set('abc', {user: 1});
		expect(await logOut('abc')).toBe(true);
		fixture.redis.pause();
		expect(await logOut('abc')).toBe(false);
		fixture.redis.resume();
	});

	it('carry out a transaction next to the cache', async () => {
		const {cache, takeTicket} = await import('../recipes/transaction.js');
		close(cache);
		await fixture.raw.set('tickets:tonight', 3);
		expect(await takeTicket('tonight')).toBe(2);
		expect(await takeTicket('tonight')).toBe(1);
		expect(await fixture.raw.ttl('tickets:tonight')).toBeGreaterThan(86_000);
	});

	it('keep the journal of a process that died', async () => {
		const {openCache} = await import('../recipes/journal-file.js');
		const first = openCache('1');
		await first.ready();
		await first.set('a', 'old');
		await fixture.redis.kill();
		await untilFallback(first);
		expect(await first.delete('a')).toEqual({stored: 'memory'});
		await first.close();
		await fixture.redis.start();
		const second = openCache('1');
		close(second);
		expect(second.stats().journal.size).toBe(1);
		await until(() => second.stats().journal.reconciled === 1, 'the key is reconciled');
	});

	it('listen to events and traces', async () => {
		const lines: string[] = [];
		for (const level of ['log', 'warn'] as const)
			vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void lines.push(words.join(' ')));
		const {cache} = await import('../recipes/events.js');
		close(cache);
		// All files that a worker runs share the channels of its process.
		vi.doMock('node:diagnostics_channel', async (importOriginal) => ({
			...(await importOriginal<typeof diagnosticsChannel>()),
			subscribe(name: string, listener: diagnosticsChannel.ChannelListener) {
				diagnosticsChannel.subscribe(name, listener);
				onTestFinished(() => void diagnosticsChannel.unsubscribe(name, listener));
			},
		}));
		onTestFinished(() => void vi.doUnmock('node:diagnostics_channel'));
		await import('../recipes/tracing-channel.js');
		await cache.ready();
		await cache.namespace('users').getOrSet('1', () => 1);
		expect(lines).toContain('cache: recovering -> connected (connected)');
		expect(lines).toContain('users miss loader');
	});

	it('hand spans to OpenTelemetry', async () => {
		const {cache} = await import('../recipes/open-telemetry.js');
		close(cache);
		expect(await cache.getOrSet('a', () => 1)).toBe(1);
	});

	it('are the storage of Keyv', async () => {
		const {cache} = await import('../recipes/keyv-store.js');
		close(cache);
		const {sets, hitsMemory, hitsRedis, invalidations} = cache.stats().counters;
		expect({sets, hits: hitsMemory + hitsRedis, invalidations}).toEqual({sets: 1, hits: 1, invalidations: 1});
	});

	it('let a caller give up', async () => {
		const {cache, findUserInTime} = await import('../recipes/giving-up.js');
		close(cache);
		await expect(findUserInTime('1', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
		expect(await findUserInTime('1', new AbortController().signal)).toMatchObject({id: '1'});
	});
});
