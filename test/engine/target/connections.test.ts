import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../../source/embedded/types.js';
import type {NamedConnection} from '../../../source/engine/target/connection.js';
import {createPool} from '../../../source/pool/create-pool.js';
import type {Pool} from '../../../source/pool/types.js';
import {startTestEngine, type TestEngine} from '../../support/engine.js';
import {until} from '../../support/until.js';

let shop: PrivateRedis;
let dev: PrivateRedis;
let engine: TestEngine;
const watchers: Pool[] = [];

const named = (name: string, url: string, more: Partial<NamedConnection> = {}): NamedConnection => ({
	name,
	url,
	color: undefined,
	readOnly: false,
	delimiter: ':',
	...more,
});

beforeAll(async () => {
	[shop, dev] = await Promise.all([startPrivateRedis({password: ''}), startPrivateRedis()]);
	engine = await startTestEngine({
		connections: [
			named('shop', shop.url, {color: 'red', readOnly: true, delimiter: '/', deadlineMs: 1000}),
			named('dev', dev.url),
			named('gone', 'redis://127.0.0.1:1'),
		],
		connection: 'shop',
	});
});

afterAll(async () => {
	await engine?.close();
	await Promise.all(watchers.map((pool) => pool.close()));
	await Promise.all([shop, dev].map((server) => server?.close()));
});

/** Connections of the engine to a server. */
async function connectionsTo(server: PrivateRedis): Promise<number> {
	const pool = createPool({url: server.url, lanes: 1, clientName: 'watcher'});
	watchers.push(pool);
	await pool.ready(30_000);
	const list = String(await pool.lanes[0]?.send('CLIENT', ['LIST']));
	return list.split('\n').filter((line) => line !== '' && !line.includes('name=watcher')).length;
}

describe('connections with names', () => {
	it('the engine begins with the one it is told, and refuses writes on that alone', async () => {
		const {target, readOnly} = engine.latest();
		expect(target.connection).toEqual({name: 'shop', color: 'red', delimiter: '/'});
		expect(readOnly).toBe(true);
		expect(await engine.refused('set a 1')).toBe('set writes to Redis, and the connection shop is read-only');
		expect(await engine.refused('redis SET a 1')).toMatch(/SET writes, and the connection shop is read-only$/);
	});

	it('are listed without their logins', async () => {
		expect(await engine.run('connections')).toMatchObject({
			data: [
				{name: 'shop', color: 'red', readOnly: true, isCurrent: true},
				{name: 'dev', url: expect.stringMatching(/^redis:\/\/\*\*\*@127\.0\.0\.1:/), isCurrent: false},
				{name: 'gone'},
			],
		});
		expect((await engine.ok('connections'))[0]).toBe(`shop  ${shop.url}  read-only  in use`);
		expect(await engine.engine.complete('connect', 0, 's')).toEqual(['shop']);
	});

	it('are switched to by name, and nothing stays open on the former one', async () => {
		await until(async () => (await connectionsTo(shop)) > 0, 'the engine is connected');
		expect((await engine.ok('connect dev'))[0]).toMatch(/^connected to dev, redis:\/\/\*\*\*@/);
		await engine.until(({target}) => target.connection?.name === 'dev', 'the snapshot is of dev');
		expect(engine.latest().readOnly).toBe(false);
		await until(async () => (await connectionsTo(shop)) === 0, 'nothing is connected to shop');
		expect(await engine.refused('set a 1')).toMatch(/which this program did not start: confirm it with the word/);
	});

	it('are not switched to once the engine closes: nobody would close the new one', async () => {
		const other = await startTestEngine({
			connections: [named('shop', shop.url), named('dev', dev.url)],
			connection: 'shop',
		});
		const closed = other.engine.close();
		expect(await other.refused('connect dev')).toBe('the engine is closed');
		await closed;
	});

	it('stay as they are when another one cannot be reached, or does not exist', async () => {
		expect(await engine.refused('connect gone')).toMatch(/cannot reach redis:\/\/127\.0\.0\.1:1: connection refused/);
		expect(await engine.refused('connect shpo')).toBe('no connection "shpo"; did you mean shop?');
		expect(await engine.refused('connect nowhere')).toMatch(
			/^no connection "nowhere"; there are shop, dev, gone, and URLs/,
		);
		expect(engine.latest().target.connection?.name).toBe('dev');
	});
});
