import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {settle} from '../../support/gate.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';
import {until} from '../../support/until.js';

describeReal('a URL that leads to a Redis of another kind is refused with the form to use:', () => {
	let servers: Record<'single' | 'cluster' | 'sentinel', RedisProcess>;
	beforeAll(async () => {
		const [single, cluster, sentinel] = await Promise.all([
			startRedisProcess(),
			startRedisProcess({args: ['--cluster-enabled', 'yes']}),
			startRedisProcess({sentinel: true, prepare: (directory) => writeFile(join(directory, 'sentinel.conf'), '')}),
		]);
		servers = {single, cluster, sentinel};
	});
	afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

	it.each([
		['redis://', 'cluster', '', 'ERR_TOPOLOGY', 'redis+cluster://127.0.0.1:PORT'],
		['redis://', 'sentinel', '', 'ERR_TOPOLOGY', 'redis+sentinel://127.0.0.1:PORT/NAME-OF-THE-MASTER'],
		['redis+cluster://', 'single', '', 'ERR_NOT_CONNECTED', 'use redis://'],
		['redis+sentinel://', 'single', '/main', 'ERR_NOT_CONNECTED', 'use redis://'],
	] as const)('%s and a %s', async (scheme, kind, path, code, advice) => {
		const {port} = servers[kind];
		const cache = new RedisCache({url: `${scheme}127.0.0.1:${port}${path}`, deadline: '500ms'});
		const codes: unknown[] = [];
		cache.on('error', ({error}) => codes.push('code' in error ? error.code : error));
		await until(() => codes.includes(code), 'it is refused');
		const {error} = await settle(cache.ready(10));
		const message = expect.stringContaining(advice.replace('PORT', String(port)));
		expect(error).toMatchObject({code: 'ERR_NOT_CONNECTED', message});
		expect(cache.stats().mode.mode).toBe('fallback');
		expect(await cache.set('k', 1)).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBe(1);
		await cache.close();
	});
});
