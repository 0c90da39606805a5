import {describe, expect, test} from 'vitest';
import {History} from '../../../source/ui/store/history.js';
import {type Story, snapshotAt, storyStart} from '../../support/fake-engine.js';
import {ticking} from './ticking.js';

const startSecond = storyStart / 1000;

function filled(seconds: number, story = {}): History {
	const history = new History();
	for (let second = 0; second <= seconds; second++) history.add(snapshotAt(second, story));
	return history;
}

describe('the history', () => {
	test('turns counters that grow into the calls of each second', () => {
		const history = new History();
		for (let ms = 0; ms <= 10_000; ms += 250) history.add(ticking(storyStart + ms));
		expect(history.endSecond).toBe(startSecond + 9);
		const columns = history.columns(startSecond + 9, 10, 10);
		expect(columns.map((sample) => sample?.memory)).toEqual(new Array(10).fill(100));
	});

	test('loses no command of an application, and counts none twice, however late snapshots come', () => {
		const story: Story = {application: {}, outage: {from: 12, to: 20}};
		const every = filled(30, story).total(startSecond + 29, 30)?.application;
		const history = new History();
		// Several snapshots of one second, and seconds without a snapshot.
		for (const second of [0, 1, 1, 2, 4, 7, 8, 8, 8, 9, 12, 13, 15, 18, 19, 20, 22, 25, 27, 28, 30])
			history.add(snapshotAt(second, story));
		const some = history.total(startSecond + 29, 30)?.application;
		const {commands, reads, connections} = snapshotAt(30, story).application ?? {};
		expect(every).toMatchObject({commands: commands?.total, lost: 34, hits: reads?.hits, opened: connections?.opened});
		expect(some?.commands).toBeCloseTo(commands?.total ?? 0);
		expect(some?.lost).toBeCloseTo(34);
		expect(some?.longestWaitMs).toBe(7400);
	});

	test('keeps what an application did in each outage, though the engine tells of the last one only', () => {
		const history = new History();
		for (const outage of [
			{from: 5, to: 10},
			{from: 15, to: 20},
		])
			for (let second = outage.from; second < outage.to + 4; second++)
				history.add(snapshotAt(second, {application: {}, outage}));
		expect(history.applicationOutages.map(({startedAt, isOver}) => [startedAt - storyStart, isOver])).toEqual([
			[5000, true],
			[15_000, true],
		]);
		const before = history.applicationOutages;
		history.add(snapshotAt(25, {application: {}, outage: {from: 15, to: 20}}));
		expect(history.applicationOutages).toBe(before);
	});

	test('has no sample for a time without snapshots', () => {
		const history = new History();
		for (let second = 0; second <= 5; second++) history.add(ticking(storyStart + second * 1000));
		for (let second = 30; second <= 35; second++) history.add(ticking(storyStart + second * 1000));
		const columns = history.columns(startSecond + 34, 35, 35);
		expect(columns.slice(6, 26).every((sample) => sample === undefined)).toBe(true);
		expect(columns[3]?.memory).toBe(100);
		expect(columns[33]?.memory).toBe(100);
	});

	test('spreads what a late snapshot has counted over the seconds that it is late', () => {
		const history = new History();
		for (const second of [0, 1, 2, 5, 6]) history.add(ticking(storyStart + second * 1000));
		expect(history.columns(startSecond + 5, 6, 6).map((sample) => sample?.memory)).toEqual([
			100, 100, 100, 100, 100, 100,
		]);
	});

	test('starts again when counters start again', () => {
		const history = new History();
		for (const second of [0, 1, 2]) history.add(ticking(storyStart + second * 1000));
		history.add({...ticking(storyStart + 3000, 0)});
		for (const second of [4, 5]) history.add(ticking(storyStart + second * 1000, 7));
		for (const sample of history.columns(startSecond + 5, 6, 6)) expect(sample?.memory ?? 0).toBeGreaterThanOrEqual(0);
	});

	test('covers two hours at most, and loses no call when seconds are merged', () => {
		const history = new History();
		for (let second = 0; second <= 9000; second++) history.add(ticking(storyStart + second * 1000));
		const columns = history.columns(startSecond + 8999, 7200, 90);
		expect(columns.every((sample) => sample !== undefined)).toBe(true);
		const whole = columns.slice(1, -1).reduce((sum, sample) => sum + (sample?.memory ?? 0), 0);
		expect(whole).toBe(88 * 80 * 100);
		expect(history.columns(startSecond + 10, 60, 60).some((sample) => sample !== undefined)).toBe(false);
	});

	test('keeps its columns the same while time passes, when they are wider than a second', () => {
		const history = filled(400, {outage: {from: 200, to: 230}});
		const before = history.columns(startSecond + 390, 900, 90).map((sample) => sample?.p99);
		const after = history.columns(startSecond + 391, 900, 90).map((sample) => sample?.p99);
		const shifted = (startSecond + 391) % 10 === 0 ? before.slice(1) : before;
		expect(after.slice(0, -2)).toEqual(shifted.slice(0, after.length - 2));
	});

	test('records the start and end of outages, and each change of the mode', () => {
		const history = filled(40, {outage: {from: 10, to: 25}});
		expect(history.outages).toEqual([{id: 1, label: 'blackhole', from: storyStart + 10_000, to: storyStart + 25_000}]);
		expect(history.modes.map(({mode}) => mode)).toEqual(['connected', 'fallback', 'recovering', 'connected']);
	});

	test('takes the times of an outage from its fault, and misses none that is over between two snapshots', () => {
		const history = new History();
		const [fault] = snapshotAt(10, {outage: {from: 10}}).faults;
		if (!fault) throw new Error('the story has an outage');
		history.add({...snapshotAt(10), faults: [fault]});
		const short = {...fault, id: 2, since: storyStart + 10_400, label: 'reset', liftedAt: storyStart + 10_500};
		const last = {...fault, id: 3, since: storyStart + 10_600};
		history.add({
			...snapshotAt(11),
			faults: [last],
			pastFaults: [{...fault, liftedAt: storyStart + 10_300}, short],
		});
		history.add({...snapshotAt(12), pastFaults: [{...last, liftedAt: storyStart + 11_100}]});
		expect(history.outages.map(({id, from, to}) => [id, from - storyStart, (to ?? 0) - storyStart])).toEqual([
			[1, 10_000, 10_300],
			[2, 10_400, 10_500],
			[3, 10_600, 11_100],
		]);
	});
});
