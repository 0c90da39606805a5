import {expect, test} from 'vitest';
import {scanStep} from '../../source/inspect/keys/scan.js';
import {StepSize} from '../../source/inspect/keys/step-size.js';
import type {Sender} from '../../source/inspect/sender.js';

test('steps become smaller while they are interrupted, and grow again', () => {
	const size = new StepSize(100);
	size.note(1);
	expect(size.keys).toBe(100);
	size.note(30);
	expect(size.keys).toBe(50);
	for (let step = 0; step < 5; step++) size.note(30);
	expect(size.keys).toBe(40);
	for (let step = 0; step < 20; step++) size.note(1);
	expect(size.keys).toBe(60);
	for (let step = 0; step < 100; step++) size.note(1);
	expect(size.keys).toBe(100);
});

test('a server that is far away is not taken for a busy one', () => {
	const size = new StepSize(100);
	for (let step = 0; step < 10; step++) size.note(60 + step / 2);
	expect(size.keys).toBe(100);
});

test('where the slow log begins early, steps stay small', () => {
	const size = new StepSize(10);
	size.note(1);
	size.note(30);
	expect(size.keys).toBe(10);
});

test.each([
	[100, 50],
	[1000, 500],
	[10_000, 500],
	[-1, 500],
])('where the slow log begins at %i µs, a step finds up to %i names', async (microseconds, names) => {
	const counts: unknown[] = [];
	const sender: Sender = {
		async send(command, args) {
			if (command === 'CONFIG') return ['slowlog-log-slower-than', String(microseconds)];
			counts.push(args[2]);
			return ['0', []];
		},
	};
	await scanStep(sender, '0');
	await scanStep(sender, '0', {count: 20});
	expect(counts).toEqual([names, 20]);
});
