import {describe, expect, test} from 'vitest';
import type {EngineEvent, EngineSnapshot} from '../../source/engine/protocol.js';
import {addEvents, eventLimit} from '../../source/ui/event-log.js';
import {History} from '../../source/ui/history.js';
import {Store} from '../../source/ui/store.js';
import {FakeEngine, snapshotAt, storyStart} from '../support/fake-engine.js';

const startSecond = storyStart / 1000;

function filled(seconds: number, story = {}): History {
	const history = new History();
	for (let second = 0; second <= seconds; second++) history.add(snapshotAt(second, story));
	return history;
}

/** Snapshots with hits that grow by `perSecond`, without the cost of a whole story. */
function ticking(at: number, perSecond = 100): EngineSnapshot {
	const base = snapshotAt(0);
	const seconds = (at - storyStart) / 1000;
	const counters = {
		...base.cache.counters,
		hitsMemory: seconds * perSecond,
		hitsRedis: 0,
		misses: 0,
		sets: 0,
		deletes: 0,
	};
	return {...base, at, cache: {...base.cache, at, counters}};
}

describe('the history', () => {
	test('turns growing counters into what happened each second', () => {
		const history = new History();
		for (let ms = 0; ms <= 10_000; ms += 250) history.add(ticking(storyStart + ms));
		expect(history.endSecond).toBe(startSecond + 9);
		const columns = history.columns(startSecond + 9, 10, 10);
		expect(columns.map((sample) => sample?.memory)).toEqual(new Array(10).fill(100));
	});

	test('has no sample for a time without snapshots, and does not make one up', () => {
		const history = new History();
		for (let second = 0; second <= 5; second++) history.add(ticking(storyStart + second * 1000));
		for (let second = 30; second <= 35; second++) history.add(ticking(storyStart + second * 1000));
		const columns = history.columns(startSecond + 34, 35, 35);
		expect(columns.slice(6, 26).every((sample) => sample === undefined)).toBe(true);
		expect(columns[3]?.memory).toBe(100);
		expect(columns[33]?.memory).toBe(100);
	});

	test('spreads a late snapshot over the seconds that it is late', () => {
		const history = new History();
		for (const second of [0, 1, 2, 5, 6]) history.add(ticking(storyStart + second * 1000));
		expect(history.columns(startSecond + 5, 6, 6).map((sample) => sample?.memory)).toEqual([
			100, 100, 100, 100, 100, 100,
		]);
	});

	test('begins anew when counters start again', () => {
		const history = new History();
		for (const second of [0, 1, 2]) history.add(ticking(storyStart + second * 1000));
		history.add({...ticking(storyStart + 3000, 0)});
		for (const second of [4, 5]) history.add(ticking(storyStart + second * 1000, 7));
		for (const sample of history.columns(startSecond + 5, 6, 6)) expect(sample?.memory ?? 0).toBeGreaterThanOrEqual(0);
	});

	test('covers two hours, bounded, and loses no call when seconds are merged', () => {
		const history = new History();
		for (let second = 0; second <= 9000; second++) history.add(ticking(storyStart + second * 1000));
		const columns = history.columns(startSecond + 8999, 7200, 90);
		expect(columns.every((sample) => sample !== undefined)).toBe(true);
		const whole = columns.slice(1, -1).reduce((sum, sample) => sum + (sample?.memory ?? 0), 0);
		expect(whole).toBe(88 * 80 * 100);
		expect(history.columns(startSecond + 10, 60, 60).some((sample) => sample !== undefined)).toBe(false);
	});

	test('keeps the shape of its columns while it moves, when they are wider than a second', () => {
		const history = filled(400, {outage: {from: 200, to: 230}});
		const before = history.columns(startSecond + 390, 900, 90).map((sample) => sample?.p99);
		const after = history.columns(startSecond + 391, 900, 90).map((sample) => sample?.p99);
		const shifted = (startSecond + 391) % 10 === 0 ? before.slice(1) : before;
		expect(after.slice(0, -2)).toEqual(shifted.slice(0, after.length - 2));
	});

	test('notes when outages begin and end, and when the mode changes', () => {
		const history = filled(40, {outage: {from: 10, to: 25}});
		expect(history.outages).toEqual([{id: 1, label: 'blackhole', from: storyStart + 10_000, to: storyStart + 25_000}]);
		expect(history.modes.map(({mode}) => mode)).toEqual(['connected', 'fallback', 'recovering', 'connected']);
	});

	test('dates the end of an outage by its fault, not by the snapshot that told of it, and misses none in between', () => {
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

describe('the log', () => {
	const event = (id: number, text: string, count = 1): EngineEvent => ({
		id,
		at: id,
		level: 'info',
		topic: 'mode',
		text,
		count,
		lastAt: id,
	});

	test('takes an event that is sent again in the place of the earlier one', () => {
		const log = addEvents(addEvents([], [event(1, 'a'), event(2, 'b')]), [event(1, 'a', 7)]);
		expect(log.map(({id, count}) => [id, count])).toEqual([
			[1, 7],
			[2, 1],
		]);
	});

	test('folds repeats into one line', () => {
		const log = addEvents([], [event(1, 'lost'), event(2, 'lost'), event(3, 'lost')]);
		expect(log).toHaveLength(1);
		expect(log[0]).toMatchObject({at: 1, lastAt: 3, count: 3});
	});

	test('is bounded', () => {
		const many = Array.from({length: eventLimit + 50}, (_, id) => event(id, `event ${id}`));
		const log = addEvents([], many);
		expect(log).toHaveLength(eventLimit);
		expect(log.at(-1)?.id).toBe(eventLimit + 49);
	});
});

describe('the store', () => {
	test('holds still while paused, counts on, and shows what was missed afterwards', () => {
		const engine = new FakeEngine();
		const store = new Store(engine);
		engine.play(10);
		let changes = 0;
		store.subscribe(() => changes++);
		store.setPaused(true);
		const held = store.getState();
		changes = 0;
		engine.play(20, {}, 11);
		expect(changes).toBe(0);
		expect(store.getState()).toBe(held);
		store.setPaused(false);
		expect(store.getState().endSecond).toBe(startSecond + 19);
		store.close();
		expect(engine.listeners).toBe(0);
	});

	test('forgets the history when the engine turns to another Redis', () => {
		const engine = new FakeEngine();
		const store = new Store(engine);
		engine.play(10);
		const other = snapshotAt(11);
		engine.push({...other, target: {...other.target, url: 'redis://127.0.0.1:7000/0'}});
		expect(store.getState().endSecond).toBeUndefined();
		store.close();
	});

	test('stays as large as it is through thousands of snapshots', () => {
		const engine = new FakeEngine();
		const store = new Store(engine);
		for (let ms = 0; ms < 8_000_000; ms += 1000) {
			const snapshot = ticking(storyStart + ms);
			const id = ms / 1000;
			engine.push({
				...snapshot,
				events: [{id, at: id, level: 'info', topic: 'x', text: `event ${id}`, count: 1, lastAt: id}],
			});
		}
		const {log, outages, modes} = store.getState();
		expect(log.length).toBeLessThanOrEqual(eventLimit);
		expect(outages.length + modes.length).toBeLessThan(10);
		store.close();
	});
});
