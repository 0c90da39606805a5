import {describe, expect, test} from 'vitest';
import {eventLimit} from '../../../source/ui/store/event-log.js';
import {Store} from '../../../source/ui/store/store.js';
import {FakeEngine, snapshotAt, storyStart} from '../../support/fake-engine.js';
import {ticking} from './ticking.js';

const startSecond = storyStart / 1000;

describe('the store', () => {
	test('publishes nothing while paused, keeps collecting, and shows what was missed afterwards', () => {
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

	test('drops the history when the engine connects to another Redis', () => {
		const engine = new FakeEngine();
		const store = new Store(engine);
		engine.play(10);
		const other = snapshotAt(11);
		engine.push({...other, target: {...other.target, url: 'redis://127.0.0.1:7000/0'}});
		expect(store.getState().endSecond).toBeUndefined();
		store.close();
	});

	test('stays bounded through thousands of snapshots', () => {
		const engine = new FakeEngine();
		const store = new Store(engine);
		for (let ms = 0; ms < 8_000_000; ms += 1000) {
			const snapshot = ticking(storyStart + ms);
			const id = ms / 1000;
			engine.push({
				...snapshot,
				events: [{id, at: id, level: 'info', topic: 'server', text: `event ${id}`, count: 1, lastAt: id}],
			});
		}
		const {log, outages, modes} = store.getState();
		expect(log.length).toBeLessThanOrEqual(eventLimit);
		expect(outages.length + modes.length).toBeLessThan(10);
		store.close();
	});
});
