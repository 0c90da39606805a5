import {describe, expect, onTestFinished} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {untilTracking, untilUntracked} from '../support/states.js';

const fixture = redisFixture();

const setRights = (...rules: readonly string[]): Promise<unknown> =>
	fixture.raw.call('ACL', 'SETUSER', 'limited', 'reset', 'on', 'nopass', '~*', '&*', '+@all', ...rules);

/** A cache of a user with these rights, and what it tells of its subscriber from now on. */
const open = async (coherence: 'broadcast' | 'tracked', ...rules: readonly string[]): Promise<RedisCache> => {
	await setRights(...rules);
	const url = `redis://limited:any@127.0.0.1:${fixture.redis.port}`;
	return fixture.open({url, ttl: '1h', heartbeat: '200ms', memory: {coherence, trust: 50}});
};

/** Times that the server has refused a command. */
const refusals = async (command: string): Promise<number> => {
	const stats = String(await fixture.raw.info('commandstats'));
	const line = stats.split('\r\n').find((each) => each.startsWith(`cmdstat_${command}:`));
	return Number(/rejected_calls=(\d+)/.exec(line ?? '')?.[1] ?? 0);
};

describe('a cache whose user gets back the right to be told of changes', () => {
	for (const coherence of ['broadcast', 'tracked'] as const) {
		for (const missing of ['-client|tracking', '-subscribe']) {
			itReal(
				`is told of changes, without losing a connection for another reason: ${coherence}, ${missing}`,
				async () => {
					const cache = await open(coherence, missing);
					await untilUntracked(cache);
					await setRights();
					await until(() => cache.internals.parts.tracking.state.kind === 'tracking', 'changes are told');
					const other = await fixture.open();
					await other.set('k', 'old');
					await until(async () => (await cache.getEntry('k'))?.source === 'memory', 'k is in memory');
					await other.set('k', 'new');
					await until(async () => (await cache.get('k')) === 'new', 'the change is seen');
					expect(cache.stats().pool.lanes.map(({reconnects}) => reconnects)).toEqual([0, 0]);
				},
			);
		}

		itReal(`asks less and less often, and memory stays as it is: ${coherence}`, async () => {
			const cache = await open(coherence, '-client|tracking');
			await untilUntracked(cache);
			let gaps = 0;
			const {tier} = cache.internals.parts.namespaces.open('default');
			const markAllUnverified = tier?.markAllUnverified.bind(tier);
			if (tier !== undefined)
				tier.markAllUnverified = () => {
					gaps++;
					markAllUnverified?.();
				};
			const before = await refusals('client|tracking');
			const begunAt = performance.now();
			// Asked again after 1 s, 2 s more, and then after 4 s.
			const asked = coherence === 'tracked' ? 4 : 2;
			await until(async () => (await refusals('client|tracking')) >= before + asked, 'it has asked twice');
			expect(performance.now() - begunAt).toBeGreaterThan(1500);
			expect(await refusals('client|tracking')).toBe(before + asked);
			expect(gaps).toBe(0);
		});
	}

	itReal('has what its lanes read forgotten when it may not subscribe any more', async () => {
		const cache = await open('tracked');
		await untilTracking(cache);
		const flags = async () =>
			String(await fixture.raw.client('LIST'))
				.split('\n')
				.filter((line) => line.includes(' user=limited ') && line.includes(' cmd=') && / flags=\w*t/.test(line)).length;
		expect(await flags()).toBe(2);
		await setRights('-subscribe');
		await fixture.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
		await untilUntracked(cache);
		await until(async () => (await flags()) === 0, 'no lane is tracked');
		onTestFinished(async () => {
			await setRights();
		});
	});
});
