import {expect, it} from 'vitest';
import {RoutingBarrier} from '../../../source/cache/scripts/routing-barrier.js';

type Write = {place: number; readonly redisKey: string; readonly name: string};

const write = (redisKey: string, name = redisKey): Write => ({place: -1, redisKey, name});

it('frees a key once its own writes are over, although the routing changes again and again', async () => {
	const barrier = new RoutingBarrier<Write>();
	const own = write('key');
	barrier.started(own);
	barrier.begin([], () => () => {});
	let isFree = false;
	void barrier.barrierFor('key')?.then(() => {
		isFree = true;
	});
	let other = write('other');
	barrier.started(other);
	const changeAgain = () => {
		// There is always a write in progress.
		const next = write('other');
		barrier.started(next);
		barrier.begin([], () => () => {});
		barrier.finished(other);
		other = next;
	};
	changeAgain();
	await Promise.resolve();
	expect(isFree).toBe(false);
	barrier.finished(own);
	for (let changes = 0; changes < 3; changes++) {
		changeAgain();
		await Promise.resolve();
	}
	expect(isFree).toBe(true);
	expect(barrier.barrierFor('key')).toBeUndefined();
	expect(barrier.barrierFor('other')).toBeDefined();
});

it('starts writes of a key in their order, however often the routing changes before they are sent', async () => {
	const barrier = new RoutingBarrier<Write>();
	const started: string[] = [];
	const start = (each: Write): void => {
		const isOver = barrier.barrierFor(each.redisKey);
		if (isOver !== undefined) {
			void isOver.then(() => start(each));
			return;
		}
		started.push(each.name);
		barrier.started(each);
	};
	const starting = (each: Write) => () => start(each);
	const [sent, unsent, later, last] = [write('a', '0'), write('a', '1'), write('a', '2'), write('a', '3')];
	barrier.started(sent);
	barrier.started(unsent);
	barrier.begin([unsent], starting);
	start(later);
	barrier.finished(sent);
	barrier.begin([], starting);
	await Promise.resolve();
	await Promise.resolve();
	// Both are queued by now, and not sent.
	barrier.begin([unsent, later], starting);
	start(last);
	for (let turns = 0; turns < 5; turns++) await Promise.resolve();
	expect(started).toEqual(['1', '2', '1', '2', '3']);
});
