import {describe, expect, it} from 'vitest';
import {EventsLog} from '../../source/engine/log/events-log.js';

const lost = {level: 'warn', topic: 'pool', text: 'lane 0 lost'} as const;

describe('the events log', () => {
	it('counts repetitions in one event, which is taken again under the same id', () => {
		const log = new EventsLog();
		log.add(lost);
		const [first] = log.take();
		for (let index = 0; index < 9999; index++) log.add(lost);
		const again = log.take();
		expect(again).toHaveLength(1);
		expect(again[0]).toMatchObject({id: first?.id, count: 10_000, text: 'lane 0 lost'});
		expect(log.all()).toHaveLength(1);
	});

	it('folds events with the same `fold`, and keeps the latest text', () => {
		const log = new EventsLog();
		log.add({...lost, fold: 'lost'});
		log.add({...lost, text: 'lane 1 lost', fold: 'lost'});
		expect(log.all()).toMatchObject([{text: 'lane 1 lost', count: 2}]);
	});

	it('starts a new event when the last repetition is long ago', async () => {
		const log = new EventsLog({foldMs: -1});
		log.add(lost);
		log.add(lost);
		expect(log.all().map(({id, count}) => [id, count])).toEqual([
			[1, 1],
			[2, 1],
		]);
	});

	it('updates an open event in its place', () => {
		const log = new EventsLog();
		const outage = log.open({level: 'warn', topic: 'fault', text: 'blackhole'});
		const other = log.open({level: 'warn', topic: 'fault', text: 'blackhole'});
		log.take();
		outage.update('blackhole for 5 s', 'info');
		expect(log.take()).toMatchObject([{id: 1, text: 'blackhole for 5 s', level: 'info', count: 1}]);
		other.update('blackhole for 6 s');
		expect(log.all().map(({text}) => text)).toEqual(['blackhole for 5 s', 'blackhole for 6 s']);
	});

	it('keeps only the newest events, and ignores updates of dropped ones', () => {
		const log = new EventsLog({limit: 3});
		const first = log.open(lost);
		for (let index = 0; index < 5; index++) log.add({...lost, text: `lane ${index} lost`});
		first.update('never seen');
		expect(log.all().map(({text}) => text)).toEqual(['lane 2 lost', 'lane 3 lost', 'lane 4 lost']);
		expect(log.take()).toHaveLength(3);
	});

	it('returns at most one batch at once, and the rest later', () => {
		const log = new EventsLog({batch: 2});
		for (let index = 0; index < 5; index++) log.add({...lost, text: String(index)});
		expect([log.take(), log.take(), log.take(), log.take()].map((events) => events.map(({text}) => text))).toEqual([
			['0', '1'],
			['2', '3'],
			['4'],
			[],
		]);
	});
});
