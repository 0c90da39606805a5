import {describe, expect, it} from 'vitest';
import {Recorder} from '../../../source/cache/observe/recorder.js';
import {Idleness} from '../../../source/cache/outage/idleness.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';

const fixture = redisFixture();

const sent = (cache: RedisCache): number => cache.stats().pool.lanes.reduce((sum, {commands}) => sum + commands, 0);

describe('a process that makes no calls', () => {
	it('sends a command for each heartbeat, as rarely as it is told', async () => {
		const often = await fixture.open({heartbeat: 100});
		const seldom = await fixture.open({heartbeat: '1m'});
		// The first heartbeat may be on its way.
		await until(() => sent(often) > 20, 'heartbeats are sent');
		const before = [sent(often), sent(seldom)] as const;
		await until(() => sent(often) > before[0] + 10, 'ten heartbeats are sent');
		expect(sent(seldom) - before[1]).toBeLessThanOrEqual(1);
	});

	it('is idle after a while, until the next call', async () => {
		const recorder = new Recorder();
		let timesIdle = 0;
		const idleness = new Idleness(recorder, () => timesIdle++, 50);
		expect(idleness.check()).toBe(false);
		await until(() => idleness.check(), 'it is idle');
		expect(idleness.check()).toBe(true);
		expect(timesIdle).toBe(1);
		recorder.counters.hitsMemory++;
		expect(idleness.check()).toBe(false);
		recorder.callsInProgress++;
		await new Promise((resolve) => setTimeout(resolve, 60));
		expect(idleness.check()).toBe(false);
	});

	it.each([99, '61s', 'often'] as const)('is not told %s', (heartbeat) => {
		expect(() => fixture.create({heartbeat: heartbeat as never})).toThrow(/heartbeat/);
	});
});
