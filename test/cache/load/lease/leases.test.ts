import {describe, expect, it, vi} from 'vitest';
import type {CacheOptions} from '../../../../source/cache/api/types.js';
import {blockLoop} from '../../../support/block-loop.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {gate} from '../../../support/gate.js';
import {openChild} from '../../../support/open-child.js';
import {startTap} from '../../../support/tap.js';
import {until} from '../../../support/until.js';
import {untilInvalidated, untilStored, untilTracking} from '../../support/states.js';

const fixture = redisFixture();

describe('a lease that expired because the event loop was blocked', () => {
	it('still guards the fill, if no other process has taken it', async () => {
		const cache = await fixture.open({ttl: '1h'});
		await cache.set('warm', 1);
		let loads = 0;
		const load = async () => {
			loads++;
			await new Promise(setImmediate);
			blockLoop(600);
			return 'value';
		};
		for (let call = 0; call < 3; call++) {
			expect(await cache.getOrSet('k', load)).toBe('value');
			await until(() => cache.stats().pending === 0 && cache.internals.parts.flights.size === 0, 'stored');
		}
		expect(loads).toBe(1);
		expect(cache.stats().counters.fillsRefused).toBe(0);
		expect(await (await fixture.open()).get('k')).toBe('value');
	});

	it('may be taken by another process, whose value is then kept', async () => {
		const stuck = await fixture.open({ttl: '1h'});
		const other = await fixture.open({ttl: '1h'});
		await stuck.set('warm', 1);
		// No renewal arrives in time.
		stuck.internals.parts.leases.keepAlive = () => () => {};
		const {promise, open} = gate<string>();
		let begun = false;
		const slow = stuck.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the load is under way');
		await fixture.raw.setrange('rct:default:k', 72, '1'.padStart(16, '0'));
		expect(await other.getOrSet('k', () => 'other')).toBe('other');
		open('late');
		expect(await slow).toBe('late');
		await until(() => stuck.stats().counters.fillsRefused === 1, 'the late fill is refused');
		expect(await stuck.get('k')).toBe('other');
	});
});

const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}};

const script = new URL('../../children/looper.ts', import.meta.url);

describe('two processes', () => {
	it('that delete and load the same key in a loop delay each other no longer than a load takes', async () => {
		const children = await Promise.all([openChild(script), openChild(script)]);
		await Promise.all(children.map((child) => child.call('open', {url: fixture.redis.url})));
		const results = await Promise.all(
			children.map((child) => child.call<{worstMs: number; loads: number}>('loop', {key: 'k', rounds: 150, loadMs: 2})),
		);
		for (const {worstMs, loads} of results) {
			expect(loads).toBeGreaterThan(0);
			// A lost wake-up costs a lease, one second; two in a row would show.
			expect(worstMs).toBeLessThan(1500);
		}
	});

	it('that load the same 2,000 keys for a second, at the same time, load each of them once', async () => {
		const children = await Promise.all([openChild(script), openChild(script)]);
		// A long deadline, so that this does not depend on how busy the machine is.
		await Promise.all(children.map((child) => child.call('open', {url: fixture.redis.url, deadline: 5000})));
		const loads = await Promise.all(
			children.map((child) => child.call<number>('loadMany', {keys: 2000, loadMs: 1000})),
		);
		expect((loads[0] ?? 0) + (loads[1] ?? 0)).toBe(2000);
	});

	it("wait for the other's load even if a command misses its deadline meanwhile", async () => {
		const loading = await fixture.open(steady);
		const proxy = await fixture.proxy();
		const waiting = await fixture.openBehind(proxy, {...steady, deadline: 500});
		await Promise.all([untilTracking(loading), untilTracking(waiting)]);
		const {promise, open} = gate<string>();
		let begun = false;
		const load = loading.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the load runs');
		const waits = vi.spyOn(waiting.internals.parts.hub, 'waitForChange');
		const value = waiting.getOrSet('k', () => 'loaded twice');
		await until(() => waits.mock.calls.length > 0, 'the other waits');
		// In the turn in which the deadline is missed: on a busy machine the next one would be missed, too.
		waiting.on('error', () => proxy.heal());
		proxy.add({kind: 'stall', direction: 'down'});
		// A renewal makes it read the key.
		await until(() => waiting.stats().counters.timeouts > 0, 'a deadline was missed');
		open('loaded once');
		expect(await load).toBe('loaded once');
		expect(await value).toBe('loaded once');
	});

	it("ask seldom while they wait for the other's load", async () => {
		const loading = await fixture.open(steady);
		const waiting = await fixture.open(steady);
		await Promise.all([untilTracking(loading), untilTracking(waiting)]);
		let begun = false;
		const load = loading.getOrSet('k', async () => {
			begun = true;
			await new Promise((resolve) => setTimeout(resolve, 1500));
			return 'value';
		});
		await until(() => begun, 'the load runs');
		const sent = () => waiting.stats().pool.lanes.reduce((sum, {commands}) => sum + commands, 0);
		const before = sent();
		expect(await waiting.getOrSet('k', () => 'loaded twice')).toBe('value');
		// With the heartbeats, and one read for each renewal. Polling took twenty a second.
		expect(sent() - before).toBeLessThan(20);
		await load;
	});

	it.each(['broadcast', 'tracked'] as const)(
		"wake callers that wait for the other's load as soon as it is done: %s",
		async (coherence) => {
			const loading = await fixture.open({...steady, deadline: '5s'});
			const waiting = await fixture.open({...steady, deadline: '5s', memory: {coherence}});
			await Promise.all([untilTracking(loading), untilTracking(waiting)]);
			// The first load of a process makes sure of the markers. An announcement of theirs counts as a change of each key.
			for (const cache of [loading, waiting]) {
				await cache.getOrSet(`first ${cache === loading}`, () => 0);
				await untilStored(cache);
			}
			const {hub} = waiting.internals.parts;
			const waitForChange = hub.waitForChange.bind(hub);
			const waits: {readonly longestMs: number; readonly tookMs: number}[] = [];
			hub.waitForChange = async (redisKey, longestMs) => {
				const begunAt = performance.now();
				await waitForChange(redisKey, longestMs);
				waits.push({longestMs, tookMs: performance.now() - begunAt});
			};
			for (let round = 0; round < 5; round++) {
				const {promise, open} = gate<number>();
				const load = loading.getOrSet(`k${round}`, () => promise);
				// A change that is announced between question and answer is not announced again: it would poll.
				await until(async () => (await fixture.raw.exists(`rct:default:k${round}`)) === 1, 'the lease is in Redis');
				await untilInvalidated(waiting, fixture.raw);
				const value = waiting.getOrSet(`k${round}`, () => 'loaded twice');
				await new Promise((resolve) => setTimeout(resolve, 20));
				open(round);
				expect(await value).toBe(round);
				await load;
			}
			// Until the end of the lease, unless it is woken. It would poll each 10 ms.
			for (const {longestMs, tookMs} of waits) {
				expect(longestMs).toBeGreaterThan(100);
				expect(tookMs).toBeLessThan(longestMs);
			}
		},
	);

	for (const [what, without] of [
		['although changes of entries are not announced without a memory tier', {memory: false}],
		['although the announcement comes before the answer that there is a lease', {}],
	] as const)
		it(`find the other's value soon, ${what}`, async () => {
			const loading = await fixture.open(steady);
			const tap = await startTap(fixture.redis);
			const waiting = await fixture.open({...steady, ...without, url: tap.url});
			await untilTracking(loading);
			await until(() => waiting.internals.parts.tracking.state.kind === 'tracking', 'Redis sends invalidations');
			const {promise, open} = gate<string>();
			let begun = false;
			const load = loading.getOrSet('k', () => {
				begun = true;
				return promise;
			});
			await until(() => begun, 'the load runs');
			// The lease is renewed for twice the time that the load has taken: for four seconds and more.
			await new Promise((resolve) => setTimeout(resolve, 2300));
			const held = tap.holdReply('EVALSHA', 'rct:default:k');
			const value = waiting.getOrSet('k', () => 'loaded twice');
			await held.passed;
			open('loaded once');
			expect(await load).toBe('loaded once');
			await until(async () => (await loading.getEntry('k')) !== undefined, 'the value is stored');
			if (!('memory' in without)) await untilInvalidated(waiting, fixture.raw);
			held.release();
			const releasedAt = performance.now();
			expect(await value).toBe('loaded once');
			expect(performance.now() - releasedAt).toBeLessThan(800);
		});
});
