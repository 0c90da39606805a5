import fc from 'fast-check';
import {expect, it} from 'vitest';
import {Queue} from '../../../source/cache/admission/queue.js';
import {QueueTimeout} from '../../../source/cache/admission/queue-timeout.js';

it('a queue returns its items in the order in which they were pushed', () => {
	fc.assert(
		fc.property(
			fc.array(fc.oneof(fc.constant('shift'), fc.constant('take'), fc.integer({min: 0, max: 3000}))),
			(steps) => {
				const line = new Queue<number>();
				const model: number[] = [];
				let next = 0;
				for (const step of steps) {
					if (step === 'shift') expect(line.shift()).toBe(model.shift());
					else if (step === 'take') expect(line.take()).toEqual(model.splice(0));
					else {
						for (let count = 0; count < (step as number); count++) {
							line.push(next);
							model.push(next++);
						}
						const half = Math.ceil((step as number) / 2);
						expect(Array.from({length: half}, () => line.shift())).toEqual(model.splice(0, half));
					}
					expect(line.size).toBe(model.length);
					expect(line.first).toBe(model[0]);
				}
			},
		),
	);
});

it('a command may wait for one deadline while nothing is answered, and for eight while Redis answers others', () => {
	const patience = new QueueTimeout(100);
	expect(patience.isOver(1000, 1100)).toBe(false);
	expect(patience.isOver(1000, 1101)).toBe(true);
	patience.answered(1090);
	expect(patience.isOver(1000, 1190)).toBe(false);
	expect(patience.isOver(1000, 1191)).toBe(true);
	patience.answered(1799);
	expect(patience.isOver(1000, 1800)).toBe(false);
	expect(patience.isOver(1000, 1801)).toBe(true);
});
