import {describe, expect, it} from 'vitest';
import {LeaseLength, maxLeaseMs} from '../../../source/cache/load/lease-length.js';
import {fillScript, leaseScript} from '../../../source/cache/scripts/lease-scripts.js';
import {ensureScript} from '../../../source/cache/scripts/marker-scripts.js';
import type {Script} from '../../../source/cache/scripts/script.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';

/** On a busy machine: commands reach Redis after the deadlines in them, although their answers are in time. */
const fixture = redisFixture();

describe('a load is stored', () => {
	const late: readonly (readonly [string, Script])[] = [
		['the markers that it needs', ensureScript],
		['its lease', leaseScript],
		['its fill', fillScript],
	];
	it.each(late)('although %s reached Redis too late seven times', async (_what, {sha}) => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, deadline: '10s'});
		if (sha !== ensureScript.sha) await cache.set('warm', 1);
		// What a script replies that does nothing: the server's time.
		tap.answerTimes(7, () => `:${Date.now()}000\r\n`, sha);
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		const other = await fixture.open();
		await until(async () => (await other.get('k')) === 'loaded', 'it is stored');
	});
});

describe('a lease', () => {
	it('is asked for eight times as long as commands take, and the less the longer that was ago', async () => {
		const length = new LeaseLength(400);
		expect(length.ms).toBe(400);
		length.took(500);
		length.took(1);
		expect(length.ms).toBeGreaterThan(3000);
		expect(length.ms).toBeLessThanOrEqual(4000);
		const before = length.ms;
		await until(() => length.ms < before, 'it becomes shorter');
		length.took(3_600_000);
		expect(length.ms).toBeGreaterThan(maxLeaseMs - 100);
		await until(() => length.ms < maxLeaseMs, 'it becomes shorter, however long this process was suspended');
	});

	it('that is the longest is not cut by a process that asks for a short one', async () => {
		const [slow, quick] = [await fixture.open(), await fixture.open()];
		await slow.set('warm', 1);
		await slow.internals.parts.scripts.run(leaseScript, 'rct:default:k', [maxLeaseMs, 0, 0, 60_000]);
		const endsAt = () => fixture.raw.getrange('rct:default:k', 72, 87);
		const before = await endsAt();
		const refused = await quick.internals.parts.scripts.run(leaseScript, 'rct:default:k', [400, 0, 0, 60_000]);
		expect(refused.status === 'done' && refused.reply).toBeLessThan(-1_000_000);
		expect(await endsAt()).toBe(before);
	});
});
