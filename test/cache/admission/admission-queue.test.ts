import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
	AdmissionQueue,
	type AdmissionQueueOptions,
	type Queued,
} from '../../../source/cache/admission/admission-queue.js';

class Item implements Queued {
	readonly size = 1;
	queuedAt = 0;
	constructor(
		readonly name: string,
		readonly bytes = 0,
	) {}
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

type Trace = {readonly sent: string[][]; readonly rejected: string[]};

/** A queue whose items are sent in commands of at most `together`. */
function createQueue(
	options: Partial<AdmissionQueueOptions<Item>> & {readonly together?: number} = {},
): Trace & {readonly queue: AdmissionQueue<Item>} {
	const {together = 64} = options;
	const sent: string[][] = [];
	const rejected: string[] = [];
	const queue: AdmissionQueue<Item> = new AdmissionQueue<Item>({
		now: () => 0,
		deadlineMs: 100,
		maxInFlight: () => 256,
		minInFlight: 256,
		maxWaiting: 1000,
		isBusy: () => false,
		beforeSending: () => {},
		isUsable: () => true,
		send(item) {
			const command = [item.name];
			sent.push(command);
			queue.takeAlong(({name}) => command.length < together && command.push(name) > 0);
		},
		reject: ({name}, reason) => rejected.push(`${name} ${reason}`),
		...options,
	});
	return {queue, sent, rejected};
}

const addAll = (queue: AdmissionQueue<Item>, names: readonly string[]) => {
	for (const name of names) queue.add(new Item(name));
};

const numbered = (count: number) => Array.from({length: count}, (_, index) => `${index}`);

describe('an admission queue', () => {
	it('sends nothing before the turn has ended, then all items of the turn in their order', async () => {
		const {queue, sent} = createQueue();
		addAll(queue, ['a', 'b']);
		expect(sent).toEqual([]);
		expect(queue.waitingCalls).toBe(2);
		await nextTurn();
		expect(sent).toEqual([['a', 'b']]);
		expect(queue.waitingCalls).toBe(0);
	});

	it('never has more items in flight than its limit, however many share a command', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({min: 1, max: 20}),
				fc.integer({min: 1, max: 20}),
				fc.array(fc.integer({min: 0, max: 40}), {maxLength: 10}),
				async (maxInFlight, together, steps) => {
					const {queue, sent} = createQueue({maxInFlight: () => maxInFlight, together});
					let added = 0;
					for (const step of steps) {
						addAll(queue, numbered(step));
						added += step;
						await nextTurn();
						expect(queue.inFlight).toBeLessThanOrEqual(maxInFlight);
						for (let released = queue.inFlight; released > 0; released--) queue.release(new Item('any'));
						queue.proceed(true);
					}
					expect(sent.flat()).toHaveLength(added - queue.waitingCalls);
				},
			),
		);
	});

	it('never has more bytes in flight than can be sent in a deadline, except for one item alone', async () => {
		const {queue, sent} = createQueue();
		const mebibyte = 1024 * 1024;
		const items = [
			['a', 1],
			['b', 1],
			['c', 9],
			['d', 1],
		] as const;
		for (const [name, mebibytes] of items) queue.add(new Item(name, mebibytes * mebibyte));
		await nextTurn();
		expect(sent).toEqual([['a', 'b']]);
		queue.release(new Item('a', mebibyte));
		queue.proceed(true);
		expect(sent.slice(1)).toEqual([['c']]);
		queue.release(new Item('b', mebibyte));
		queue.proceed(true);
		expect(sent.slice(2)).toEqual([]);
		queue.release(new Item('c', 9 * mebibyte));
		queue.proceed(true);
		expect(sent.slice(2)).toEqual([['d']]);
	});

	it('has a limit of waiting calls', () => {
		const {queue} = createQueue({maxWaiting: 2});
		addAll(queue, ['a']);
		expect(queue.hasRoom).toBe(true);
		addAll(queue, ['b']);
		expect(queue.hasRoom).toBe(false);
	});

	it('rejects items that have become unusable, and sends the others', async () => {
		const {queue, sent, rejected} = createQueue({maxInFlight: () => 1, isUsable: ({name}) => name !== 'b'});
		addAll(queue, ['a', 'b', 'c']);
		await nextTurn();
		queue.release(new Item('any'));
		queue.proceed(true);
		expect(sent).toEqual([['a'], ['c']]);
		expect(rejected).toEqual(['b unavailable']);
	});

	it('lets its items be taken out before any of them is sent', async () => {
		const taken: string[] = [];
		const {queue, sent} = createQueue({
			beforeSending: () => taken.push(...queue.takeQueued().map(({name}) => name)),
		});
		addAll(queue, ['a', 'b']);
		await nextTurn();
		expect(taken).toEqual(['a', 'b']);
		expect(sent).toEqual([]);
		expect(queue.waitingCalls).toBe(0);
	});

	describe('counts the waiting of each item by itself:', () => {
		it('one that was added late is sent, though the one before it has waited too long', async () => {
			let now = 1000;
			const {queue, sent, rejected} = createQueue({maxInFlight: () => 1, now: () => now});
			addAll(queue, ['first', 'waits']);
			await nextTurn();
			now += 95;
			addAll(queue, ['late']);
			await nextTurn();
			now += 10;
			queue.release(new Item('any'));
			queue.proceed(false);
			expect(sent).toEqual([['first'], ['late']]);
			expect(rejected).toEqual(['waits overloaded']);
		});
	});
});
