import {describe, expect, it} from 'vitest';
import {LoaderTimeoutError} from '../../../source/cache/api/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate, settle} from '../../support/gate.js';
import {openChild} from '../../support/open-child.js';
import {until} from '../../support/until.js';
import {fallBack, untilFallback} from '../support/states.js';

const fixture = redisFixture();

describe('in one process', () => {
	it('a thousand callers of one missing key share one load', async () => {
		const cache = await fixture.open();
		let loads = 0;
		const load = async () => {
			loads++;
			await new Promise((resolve) => setTimeout(resolve, 20));
			return {name: 'Ada'};
		};
		const values = await Promise.all(Array.from({length: 1000}, () => cache.getOrSet('k', load)));
		expect(loads).toBe(1);
		expect(new Set(values.map((value) => JSON.stringify(value)))).toEqual(new Set(['{"name":"Ada"}']));
		expect(await cache.getOrSet('k', load)).toEqual({name: 'Ada'});
		expect(loads).toBe(1);
	});

	it('callers that come during a load join it', async () => {
		const cache = await fixture.open();
		const {promise, open} = gate<string>();
		let loads = 0;
		const load = () => {
			loads++;
			return promise;
		};
		const first = cache.getOrSet('k', load);
		await until(() => loads === 1, 'the load runs');
		const later = Array.from({length: 50}, () => cache.getOrSet('k', load));
		open('value');
		expect(new Set(await Promise.all([first, ...later]))).toEqual(new Set(['value']));
		expect(loads).toBe(1);
	});

	it('in fallback a thousand callers still share one load', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		let loads = 0;
		const load = async () => {
			loads++;
			await new Promise((resolve) => setTimeout(resolve, 20));
			return 'value';
		};
		const values = await Promise.all(Array.from({length: 1000}, () => cache.getOrSet('k', load)));
		expect(new Set(values)).toEqual(new Set(['value']));
		expect(loads).toBe(1);
	});

	it('a failing loader rejects all callers that wait for it, and the next caller loads at once', async () => {
		const cache = await fixture.open();
		let loads = 0;
		const load = async () => {
			loads++;
			await new Promise((resolve) => setTimeout(resolve, 10));
			throw new Error('no database');
		};
		const failed = await Promise.allSettled(Array.from({length: 100}, () => cache.getOrSet('k', load)));
		expect(loads).toBe(1);
		for (const result of failed) expect(result).toMatchObject({status: 'rejected', reason: {message: 'no database'}});
		const next = await settle(cache.getOrSet('k', () => 'recovered'));
		expect(next.value).toBe('recovered');
		expect(next.ms).toBeLessThan(500);
	});

	it('a failed load is not joined while its lease is being given back', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('warm', 1);
		const {promise, fail} = gate<string>();
		let begun = false;
		const failing = settle(
			cache.getOrSet('k', () => {
				begun = true;
				return promise;
			}),
		);
		await until(() => begun, 'the load runs');
		proxy.add({kind: 'stall'});
		fail(new Error('no database'));
		expect((await failing).error).toMatchObject({message: 'no database'});
		fallBack(cache);
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
	});

	it('a caller that gives up rejects with its own reason, and the load goes on for the others', async () => {
		const cache = await fixture.open();
		const {promise, open} = gate<string>();
		const signals: AbortSignal[] = [];
		const load = ({signal}: {signal: AbortSignal}) => {
			signals.push(signal);
			return promise;
		};
		const impatient = new AbortController();
		const first = settle(cache.getOrSet('k', load, {signal: impatient.signal}));
		const second = cache.getOrSet('k', load);
		await until(() => signals.length === 1, 'the load runs');
		impatient.abort(new Error('too slow for me'));
		expect((await first).error).toMatchObject({message: 'too slow for me'});
		expect(signals[0]?.aborted).toBe(false);
		open('value');
		expect(await second).toBe('value');
		expect(await cache.get('k')).toBe('value');
		expect(signals).toHaveLength(1);
	});

	it('a loader past its hard timeout is aborted and does not delay the next one', async () => {
		const cache = await fixture.open();
		let aborted: unknown;
		const stuck = ({signal}: {signal: AbortSignal}) =>
			new Promise<string>(() => signal.addEventListener('abort', () => (aborted = signal.reason)));
		const {error, ms} = await settle(cache.getOrSet('k', stuck, {hardTimeout: 100}));
		expect(error).toBeInstanceOf(LoaderTimeoutError);
		expect(aborted).toBe(error);
		expect(ms).toBeLessThan(600);
		expect(await cache.getOrSet('k', () => 'next')).toBe('next');
	});

	it('a load overtaken by a set of its key is returned to its callers, and is not kept', async () => {
		const cache = await fixture.open();
		const {promise, open} = gate<string>();
		let loads = 0;
		const first = cache.getOrSet('k', () => {
			loads++;
			return promise;
		});
		await until(() => loads === 1, 'the load runs');
		await cache.set('k', 'set');
		open('loaded before');
		expect(await first).toBe('loaded before');
		expect(await cache.get('k')).toBe('set');
	});
});

describe('in four processes', () => {
	it('250 callers each of one missing key share one load', async () => {
		const children = await Promise.all(
			Array.from({length: 4}, () => openChild(new URL('../children/caller.ts', import.meta.url))),
		);
		await Promise.all(children.map((child) => child.call('open', {url: fixture.redis.url})));
		for (const key of ['first', 'second', 'third']) {
			const results = await Promise.all(
				children.map((child) => child.call<Herd>('herd', {key, callers: 250, loadMs: 50})),
			);
			expect(results.reduce((sum, {loads}) => sum + loads, 0)).toBe(1);
			const values = new Set(results.flatMap(({values}) => values));
			expect(values.size).toBe(1);
			expect(children.map(({pid}) => pid)).toContain([...values][0]);
		}
		await Promise.all(children.map((child) => child.call('justClose')));
	});

	it('a process that dies during a load delays the others no longer than its lease', async () => {
		const [doomed, other] = await Promise.all([
			openChild(new URL('../children/caller.ts', import.meta.url)),
			fixture.open({loader: {hardTimeout: 300}}),
		]);
		await doomed.call('open', {url: fixture.redis.url});
		const herd = doomed.call<Herd>('herd', {key: 'k', callers: 1, loadMs: 60_000}).catch(() => undefined);
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 1, 'the lease is there');
		await doomed.kill();
		await herd;
		const {value, ms} = await settle(other.getOrSet('k', () => 'loaded by the other'));
		expect(value).toBe('loaded by the other');
		expect(ms).toBeLessThan(1500);
	});
});

type Herd = {readonly loads: number; readonly values: readonly unknown[]};
