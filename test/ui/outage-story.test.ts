import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../source/engine/protocol.js';
import type {ModeChange} from '../../source/metrics/snapshot.js';
import {glyphSets} from '../../source/ui/glyphs.js';
import {notable} from '../../source/ui/panels/events.js';
import {latestOutage, storyRow} from '../../source/ui/panels/outage-story.js';
import {Store} from '../../source/ui/store.js';
import {FakeEngine, snapshotAt, storyStart} from '../support/fake-engine.js';

const change = (mode: ModeChange['mode'], at: number, reason = mode as string): ModeChange => ({mode, at, reason});
const connected = change('connected', 0);

describe('the latest outage', () => {
	test('is none before there was one; the first connection is not one', () => {
		const slow = [change('recovering', 0, 'connecting'), change('fallback', 200, 'connecting')];
		expect(latestOutage([], [change('recovering', 0), change('connected', 80)])).toBeUndefined();
		expect(latestOutage([], [...slow, change('connected', 900)])).toBeUndefined();
		expect(latestOutage([], slow)).toMatchObject({isAway: true, label: 'connecting'});
	});

	test('is not that of a cache which a drill, or its end, has put in the place of another', () => {
		const outages = [{id: 1, label: 'refuse', from: 10_000, to: 20_000}];
		const outage = [connected, change('fallback', 10_020), change('recovering', 20_030), change('connected', 20_080)];
		const slow = [change('recovering', 30_000, 'connecting'), change('fallback', 30_200), change('connected', 30_300)];
		expect(latestOutage(outages, [...outage, ...slow])).toMatchObject({label: 'refuse', from: 10_000});
		expect(latestOutage([], [connected, ...slow])).toBeUndefined();
		// One that took the place of a cache without Redis goes on with its outage.
		const away = [connected, change('fallback', 29_000, 'lost'), ...slow];
		expect(latestOutage([], away)).toMatchObject({label: 'lost', from: 29_000, to: 30_300});
	});

	test('tells how soon the cache let go of Redis, and how soon after the end it was back', () => {
		const outages = [{id: 1, label: 'blackhole', from: 10_000, to: 20_000}];
		const modes = [connected, change('fallback', 10_240), change('recovering', 20_100), change('connected', 20_310)];
		expect(latestOutage(outages, modes)).toMatchObject({
			label: 'blackhole',
			fallbackMs: 240,
			backMs: 310,
			isAway: false,
		});
	});

	test('says that Redis was back already when the fault ended', () => {
		const outages = [{id: 1, label: 'restart', from: 10_000, to: 20_000}];
		const modes = [connected, change('fallback', 10_000), change('connected', 19_990)];
		expect(latestOutage(outages, modes)).toMatchObject({fallbackMs: 0, backMs: 'already'});
	});

	test('is never told in fractions of what was not measured', () => {
		const store = new Store(new FakeEngine());
		store.close();
		const said = (backAt: number) => {
			const outages = [{id: 1, label: 'reset', from: storyStart, to: storyStart + 2000}];
			const modes = [connected, change('fallback', storyStart), change('connected', storyStart + backAt)];
			const state = {...store.getState(), outages, modes, snapshot: snapshotAt(5)};
			const row = storyRow({state, window: '1m', glyphs: glyphSets.unicode}, 200);
			return row.map(({text}) => text).join('');
		};
		expect(said(2000)).toContain('reset 2 s, fallback at once, healed at once');
		expect(said(2012)).toContain('reset 2 s, fallback at once, healed in 12 ms');
		expect(said(1999)).toContain('reset 2 s, fallback at once, back before its end');
	});

	test('says that the cache stayed connected through a fault that it can bear', () => {
		const story = latestOutage([{id: 1, label: 'latency 5 ms', from: 10_000, to: 20_000}], [connected]);
		expect(story).toMatchObject({fallbackMs: undefined, backMs: undefined, isAway: false});
	});

	test('says so when Redis was out of use before the fault began', () => {
		const story = latestOutage(
			[{id: 1, label: 'kill', from: 10_000, to: undefined}],
			[connected, change('fallback', 9000)],
		);
		expect(story).toMatchObject({label: 'kill', fallbackMs: 'already', isAway: true});
	});

	test('is still healing when the fault is lifted and Redis is not in use yet', () => {
		const story = latestOutage(
			[{id: 1, label: 'kill', from: 10_000, to: 20_000}],
			[connected, change('fallback', 10_100)],
		);
		expect(story).toMatchObject({isAway: true, backMs: undefined});
	});

	test('is a real one when no fault explains it, with the reason', () => {
		const outages = [{id: 1, label: 'blackhole', from: 1000, to: 2000}];
		const modes = [connected, change('fallback', 50_000, '5 deadlines missed')];
		expect(latestOutage(outages, modes)).toMatchObject({isSimulated: false, label: '5 deadlines missed', from: 50_000});
		expect(latestOutage([], [...modes, change('connected', 60_000)])).toMatchObject({to: 60_000, isAway: false});
	});

	test('is the simulated one that came after a real one', () => {
		const modes = [connected, change('fallback', 5000), change('connected', 6000)];
		expect(latestOutage([{id: 1, label: 'latency', from: 9000, to: undefined}], modes)?.label).toBe('latency');
	});
});

describe('what the overview tells of the log', () => {
	const event = (
		id: number,
		at: number,
		topic: string,
		level: EngineEvent['level'] = 'warn',
		count = 1,
	): EngineEvent => ({
		id,
		at,
		level,
		topic,
		text: `${topic} ${id}`,
		count,
		lastAt: at,
	});

	test('folds the errors of commands while Redis is away into one line, and keeps all others', () => {
		const log = [
			event(1, 1000, 'server', 'info'),
			event(2, 9900, 'error', 'warn', 3),
			event(3, 10_000, 'mode'),
			event(4, 10_100, 'error', 'warn', 4),
			event(5, 10_200, 'error'),
			event(6, 10_300, 'error', 'error'),
			event(7, 20_000, 'journal', 'info'),
			event(8, 40_000, 'error'),
			event(9, 41_000, 'pool', 'debug'),
		];
		const modes = [connected, change('fallback', 10_000), change('connected', 20_000)];
		const told = notable({log, modes});
		expect(told.map(({topic, count}) => [topic, count])).toEqual([
			['server', 1],
			['error', 8],
			['mode', 1],
			['error', 1],
			['journal', 1],
			['error', 1],
		]);
	});
});
