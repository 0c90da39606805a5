import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {itReal} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let redis: RedisProcess;
let pool: Pool;

beforeEach(async () => {
	redis = await startRedisProcess();
	pool = createPool({url: redis.url, lanes: 1});
	await pool.ready(30_000);
});

afterEach(async () => {
	await pool.close();
	await redis.close();
});

describe('a subscriber that tracks a prefix', () => {
	it('receives invalidations on its own connection, whatever happens to the lanes', async () => {
		const keys: string[] = [];
		let ready = 0;
		pool.subscriber({
			trackPrefix: 'app:',
			onReady: () => ready++,
			onLost: () => {},
			onInvalidate: (changed) => keys.push(...(changed ?? []).map(String)),
		});
		await until(() => ready === 1, 'it tracks');
		pool.lanes[0]?.reset('the test wants it');
		await pool.ready(30_000);
		await pool.lanes[0]?.send('mset', ['other', '1', 'app:a', '1']);
		await until(() => keys.length > 0, 'it hears of the key');
		expect(keys).toEqual(['app:a']);
	});

	itReal('reports once that the user may not subscribe', async () => {
		await pool.lanes[0]?.send('acl', ['setuser', 'narrow', 'on', '>secret', '~*', '+@all', 'resetchannels']);
		const narrow = createPool({url: redis.url.replace('//', '//narrow:secret@'), lanes: 1});
		const refusals: string[] = [];
		let ready = 0;
		narrow.subscriber({
			trackPrefix: 'app:',
			onReady: () => ready++,
			onRefused: (reason) => refusals.push(reason),
			onLost: () => {},
			onInvalidate: () => {},
		});
		await until(() => refusals.length > 0, 'it is refused');
		const connected = String(await pool.lanes[0]?.send('info', ['stats']));
		await until(async () => (await narrow.lanes[0]?.send('ping', [])) !== undefined, 'its lane works');
		const later = String(await pool.lanes[0]?.send('info', ['stats']));
		const total = /total_connections_received:(\d+)/;
		expect(refusals).toHaveLength(1);
		expect(refusals[0]).toMatch(/NOPERM/);
		expect(ready).toBe(0);
		expect(total.exec(later)?.[1]).toBe(total.exec(connected)?.[1]);
		await narrow.close();
	});
});
