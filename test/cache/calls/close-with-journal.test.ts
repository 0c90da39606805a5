import {execFile} from 'node:child_process';
import {existsSync, unlinkSync} from 'node:fs';
import {promisify} from 'node:util';
import {describe, expect, it} from 'vitest';
import {bundleCode} from '../../support/bundle-script.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {startTap} from '../../support/tap.js';
import {newPath, noted} from '../support/journal-files.js';

const fixture = redisFixture();

const nowhere = 'redis://127.0.0.1:1';

/** Runs code in a process of its own until that ends, and returns what it prints. */
async function run(code: string, url: string): Promise<string> {
	const module = await bundleCode(code, import.meta.url);
	const env = {...process.env, TEST_URL: url};
	return (await promisify(execFile)(process.execPath, [module], {env, timeout: 25_000})).stdout;
}

describe('a cache with a journal file that closes', () => {
	it('settles a write whose connection was lost, and notes its key in the file', async () => {
		const path = newPath();
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, journal: {path}, deadline: 2000});
		await cache.set('k', 'old');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const remove = settle(cache.delete('k'));
		await held.passed;
		const closing = cache.close();
		tap.cutAll();
		await closing;
		expect(noted(path)).toEqual(['rct:default:k']);
		expect(await remove).toMatchObject({error: undefined, value: {stored: 'memory'}});
		// The next process reconciles it.
		const successor = await fixture.open({journal: {path}});
		expect(await successor.get('k')).toBeUndefined();
	});

	it('settles a write that is never answered, and notes its key in the file', async () => {
		const path = newPath();
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, journal: {path}, deadline: 300});
		await cache.set('k', 'old');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const remove = settle(cache.delete('k'));
		await held.passed;
		await cache.close();
		expect(noted(path)).toEqual(['rct:default:k']);
		expect((await remove).error).toBeUndefined();
	});

	it('ignores that its lock file is gone', async () => {
		const path = newPath();
		const cache = await fixture.open({journal: {path}});
		unlinkSync(`${path}.lock`);
		await cache.close();
		expect(existsSync(`${path}.lock`)).toBe(false);
	});

	it('leaves no timer that keeps the process alive, even with a change that is not final yet', async () => {
		const script = `
			import {RedisCache} from '../../../source/cache/redis-cache.js';
			const cache = new RedisCache({url: process.env.TEST_URL, deadline: 8000});
			await cache.ready(30_000);
			const {internals} = cache;
			internals.parts.dirtyKeys.noteKey('rct:default:k', performance.timeOrigin + performance.now() + 60_000);
			internals.parts.modes.fallBack('a test');
			while (cache.stats().mode.mode !== 'recovering') await new Promise((resolve) => setTimeout(resolve, 5));
			await new Promise((resolve) => setTimeout(resolve, 700));
			const closed = performance.now();
			await cache.close();
			process.on('exit', () => console.log(Math.round(performance.now() - closed)));
		`;
		const stdout = await run(script, fixture.redis.url);
		expect(Number(stdout)).toBeLessThan(5000);
	});
});

describe('a cache that cannot be created because of its journal file', () => {
	it('leaves no connection that keeps the process alive', async () => {
		const script = `
			import {RedisCache} from '../../../source/cache/redis-cache.js';
			try {
				new RedisCache({url: process.env.TEST_URL, journal: {path: '/nonexistent/directory/journal'}});
			} catch (error) {
				console.log(error.code);
			}
		`;
		const stdout = await run(script, nowhere);
		expect(stdout.trim()).toBe('ERR_INVALID_ARGUMENT');
	});
});
