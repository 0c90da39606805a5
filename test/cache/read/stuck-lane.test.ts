import {setImmediate as nextTurn} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';

const fixture = redisFixture();

it('reads take a lane that answers rather than one whose reply has long been due, also while both are busy', async () => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({url: tap.url, deadline: '60s', heartbeat: '1m', memory: false, pool: {lanes: 2}});
	await cache.set('key', 'value');
	// Pings take the first lane.
	const [other, stuck] = cache.internals.pool.lanes;
	if (stuck === undefined || other === undefined) throw new Error('the pool has two lanes');
	const held = tap.holdReply('never-answered');
	const answer = stuck.send('GET', ['never-answered'], {isUpkeep: true});
	await held.passed;
	// Long enough for what is sent from here on to be young, however busy the machine.
	await until(() => stuck.waitingMs > 2000, 'its reply has long been due');
	const before = stuck.inFlight;
	fixture.redis.pause();
	const reads: Promise<unknown>[] = [];
	while (reads.length < 6) {
		reads.push(cache.get('key'));
		// A batch is sent at the end of its turn.
		await nextTurn();
		await nextTurn();
	}
	const after = stuck.inFlight;
	fixture.redis.resume();
	held.release();
	expect(await Promise.all([...reads, answer])).toEqual([...reads.map(() => 'value'), null]);
	expect(after).toBe(before);
});
