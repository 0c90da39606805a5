import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {reconcileScript} from '../../../source/cache/scripts/key-scripts.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {refuseConnections} from '../support/refuse-connections.js';
import {untilReconciled} from '../support/states.js';

/**
 * A value that a process replaced or deleted during an outage must not come back after it. Each scenario returns the value that is read
 * afterwards; without dirty keys it is the old one.
 */
const fixture = redisFixture();

/** Switches the comparison of times off: reconciling deletes every key of the journal, however new its entry. */
const forgetAges = (cache: RedisCache): void => {
	const {scripts} = cache.internals.parts;
	const run = scripts.run.bind(scripts);
	scripts.run = (script, key, args, ...rest) =>
		run(script, key, script === reconcileScript ? [Number.MAX_SAFE_INTEGER] : args, ...rest);
};

describe('reconciling after an outage', () => {
	/** Deletes `a` and sets `b` in an outage, lets another process set both later, and reads them after the outage. */
	const afterNewerValues = async (remembersAges: boolean) => {
		const {cache, other, heal} = await refuseConnections(fixture, {}, {}, (before) =>
			before.setMany([
				['a', 'old'],
				['b', 'old'],
			]),
		);
		if (!remembersAges) forgetAges(cache);
		await cache.delete('a');
		await cache.set('b', 'mine');
		await new Promise((resolve) => setTimeout(resolve, 250));
		await other.set('a', 'newer');
		await other.set('b', 'newer');
		const rounds: {readonly keys: number; readonly kept: number}[] = [];
		cache.on('reconcile', (round) => rounds.push(round));
		await heal();
		return {read: await cache.getMany(['a', 'b']), rounds};
	};

	it('keeps values that another process has set since', async () => {
		const {read, rounds} = await afterNewerValues(true);
		expect(read).toEqual(
			new Map([
				['a', 'newer'],
				['b', 'newer'],
			]),
		);
		expect(rounds).toMatchObject([{keys: 2, kept: 2}]);
	});

	it('would delete them if it did not compare times', async () => {
		const {read, rounds} = await afterNewerValues(false);
		expect(read).toEqual(new Map());
		expect(rounds).toMatchObject([{keys: 2, kept: 0}]);
	});

	it('deletes a value that another process began to load before the change', async () => {
		const {cache, other, heal} = await refuseConnections(fixture, {}, {}, async () => {});
		let release: (row: string) => void = () => {};
		let begun = false;
		const load = other.getOrSet('k', () => {
			begun = true;
			return new Promise<string>((resolve) => {
				release = resolve;
			});
		});
		await until(() => begun, 'the other process has read the old row');
		await cache.delete('k');
		await new Promise((resolve) => setTimeout(resolve, 20));
		release('old');
		expect(await load).toBe('old');
		expect(await other.get('k')).toBe('old');
		await heal();
		expect(await cache.get('k')).toBeUndefined();
		await until(async () => (await other.get('k')) === undefined, 'the other process sees the change');
	});

	it('after an overflow invalidates its own namespace and no other', async () => {
		const {cache, heal} = await refuseConnections(fixture, {}, {journal: {maxKeys: 3}}, async (before) => {
			await before.set('k', 'old');
			await before.namespace('spared').set('k', 'kept');
		});
		for (let index = 0; index < 10; index++) await cache.delete(`x${index}`);
		expect(cache.stats().journal).toMatchObject({size: 1, overflowed: 1, limit: 3});
		expect(await cache.set('k', 'mine')).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBe('mine');
		await heal();
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.namespace('spared').get('k')).toBe('kept');
	});

	it('bounds the number of tags in the journal, too', async () => {
		const {cache, heal} = await refuseConnections(fixture, {}, {journal: {maxKeys: 50}}, (before) =>
			before.set('k', 'old', {tags: ['tag 0']}),
		);
		for (let index = 0; index < 500; index++) await cache.invalidateTags([`tag ${index}`]);
		expect(cache.stats().journal.max).toBeLessThanOrEqual(51);
		expect(await cache.get('k')).toBeUndefined();
		await heal();
		expect(await (await fixture.open()).get('k')).toBeUndefined();
	});

	itReal('is retried with pauses while the server refuses it', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {breaker: {consecutive: 1000, minimum: 100_000}});
		await cache.set('k', 'old');
		await fixture.raw.call('ACL', 'SETUSER', 'default', '-evalsha', '-eval');
		const stored = await cache.delete('k');
		const before = cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.commands, 0);
		await new Promise((resolve) => setTimeout(resolve, 500));
		const asked = cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.commands, 0) - before;
		await fixture.raw.call('ACL', 'SETUSER', 'default', '+@all');
		expect(stored).toEqual({stored: 'memory'});
		expect(asked).toBeLessThan(30);
		await untilReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('the reconciler', () => {
	it('reconciles each change when it is due, whatever else is due later', async () => {
		const cache = await fixture.open();
		const now = performance.timeOrigin + performance.now();
		cache.internals.parts.dirtyKeys.noteKey('rct:default:later', now + 300_000);
		cache.internals.parts.dirtyKeys.noteKey('rct:default:soon', now + 50);
		await until(() => !cache.internals.parts.journal.hasKey('rct:default:soon'), 'the one that is due first');
		cache.internals.parts.dirtyKeys.noteKey('rct:default:next', performance.timeOrigin + performance.now());
		await until(() => !cache.internals.parts.journal.hasKey('rct:default:next'), 'the one that came later');
		expect(cache.internals.parts.journal.hasKey('rct:default:later')).toBe(true);
	});
});
