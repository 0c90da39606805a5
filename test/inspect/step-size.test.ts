import {expect, test} from 'vitest';
import {scanStep} from '../../source/inspect/keys/scan.js';
import {StepSize} from '../../source/inspect/keys/step-size.js';
import type {Sender} from '../../source/inspect/sender.js';

/** A step that took so long. */
const note = (size: StepSize, tookMs: number) => size.note({tookMs, isLate: tookMs > size.lateMs});
const noteNames = (size: StepSize, tookMs: number, found = 0) =>
	size.noteNames({tookMs, isLate: tookMs > size.namesLateMs}, found);

test('steps become smaller while they are interrupted, and grow again', () => {
	const size = new StepSize(100);
	note(size, 1);
	expect(size.keys).toBe(100);
	note(size, 30);
	expect(size.keys).toBe(50);
	for (let step = 0; step < 5; step++) note(size, 30);
	expect(size.keys).toBe(40);
	for (let step = 0; step < 20; step++) note(size, 1);
	expect(size.keys).toBe(60);
	for (let step = 0; step < 100; step++) note(size, 1);
	expect(size.keys).toBe(100);
});

test('a server that is far away is not taken for a busy one', () => {
	const size = new StepSize(100);
	for (let step = 0; step < 10; step++) note(size, 60 + step / 2);
	expect(size.keys).toBe(100);
});

test('where the slow log begins early, steps stay small', () => {
	const size = new StepSize(10);
	note(size, 1);
	note(size, 30);
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

/** Names in the steps of a scan whose every round trip takes so long, in which so many names are found. */
function farNames(tripMs: number, steps: number, {found = 0, most = 2000} = {}): readonly number[] {
	const size = new StepSize(100, most);
	return Array.from({length: steps}, () => {
		noteNames(size, tripMs, found);
		return size.farNames;
	});
}

test('where few names are wanted, steps grow with the distance of the server, once that is sure', () => {
	expect(farNames(220, 6)).toEqual([500, 500, 1000, 2000, 2000, 2000]);
	expect(farNames(40, 40).at(-1)).toBe(1000);
	expect(farNames(40, 10).at(-1)).toBe(500);
	expect(farNames(5, 200).at(-1)).toBe(500);
});

test('they do not grow beyond what the slow log allows, nor where many names are found', () => {
	expect(farNames(220, 10, {most: 800}).at(-1)).toBe(800);
	expect(farNames(220, 10, {most: 100}).at(-1)).toBe(500);
	expect(farNames(220, 10, {found: 400}).at(-1)).toBe(500);
});

test('they fall back after a step that took longer than the way', () => {
	const size = new StepSize(100, 2000);
	for (let step = 0; step < 6; step++) noteNames(size, 220);
	noteNames(size, 360);
	expect(size.farNames).toBe(500);
	noteNames(size, 230);
	expect(size.farNames).toBe(1000);
});

test('a command of ours in the slow log ends that, and halves the others', () => {
	const size = new StepSize(100, 2000);
	for (let step = 0; step < 6; step++) noteNames(size, 220);
	expect(size.farNames).toBe(2000);
	size.noteLogged();
	expect([size.farNames, size.keys]).toEqual([500, 50]);
	for (let step = 0; step < 6; step++) noteNames(size, 220);
	expect(size.farNames).toBe(500);
});

test('a scan of a server that is far away asks for more names at a time, and tells how many it has visited', async () => {
	const asked: unknown[] = [];
	const sender: Sender = {
		async send(command, args) {
			if (command === 'CONFIG') return ['slowlog-log-slower-than', '10000'];
			asked.push(args.at(-1));
			await new Promise((resolve) => setTimeout(resolve, 170));
			return ['1', []];
		},
	};
	const options = {pattern: 'rare:*', mayGrow: true};
	const visited: number[] = [];
	for (let step = 0; step < 6; step++) visited.push((await scanStep(sender, '0', options)).visited);
	expect(asked).toEqual(visited);
	expect([visited[0], visited.at(-1)]).toEqual([500, 2000]);
	await scanStep(sender, '0', {pattern: 'rare:*'});
	expect(asked.at(-1)).toBe(500);
});
