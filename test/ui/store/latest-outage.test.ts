import {expect, test} from 'vitest';
import {latestOutage} from '../../../source/ui/store/latest-outage.js';
import {change, connected} from './mode-changes.js';

test('the first connection is no outage, unless it is overdue', () => {
	const slow = [change('recovering', 0, 'connecting'), change('fallback', 200, 'connecting')];
	expect(latestOutage([], [change('recovering', 0), change('connected', 80)])).toBeUndefined();
	expect(latestOutage([], [...slow, change('connected', 900)])).toBeUndefined();
	expect(latestOutage([], slow)).toMatchObject({isUnresolved: true, label: 'connecting'});
});

test('the slow first connection of a cache that a drill created is no outage', () => {
	const outages = [{id: 1, label: 'refuse', from: 10_000, to: 20_000}];
	const outage = [connected, change('fallback', 10_020), change('recovering', 20_030), change('connected', 20_080)];
	const slow = [change('recovering', 30_000, 'connecting'), change('fallback', 30_200), change('connected', 30_300)];
	expect(latestOutage(outages, [...outage, ...slow])).toMatchObject({label: 'refuse', from: 10_000});
	expect(latestOutage([], [connected, ...slow])).toBeUndefined();
	// A new cache that replaces one without Redis continues its outage.
	const away = [connected, change('fallback', 29_000, 'lost'), ...slow];
	expect(latestOutage([], away)).toMatchObject({label: 'lost', from: 29_000, to: 30_300});
});

test('an outage has the time to fall back and the time to recover', () => {
	const outages = [{id: 1, label: 'blackhole', from: 10_000, to: 20_000}];
	const modes = [connected, change('fallback', 10_240), change('recovering', 20_100), change('connected', 20_310)];
	expect(latestOutage(outages, modes)).toMatchObject({
		label: 'blackhole',
		fallbackMs: 240,
		recoveryMs: 310,
		isUnresolved: false,
	});
});

test('a cache that was connected again before the fault ended has recovered before the end', () => {
	const outages = [{id: 1, label: 'restart', from: 10_000, to: 20_000}];
	const modes = [connected, change('fallback', 10_000), change('connected', 19_990)];
	expect(latestOutage(outages, modes)).toMatchObject({fallbackMs: 0, recoveryMs: 'before'});
});

test('a fault that the cache tolerated has neither time', () => {
	const outage = latestOutage([{id: 1, label: 'latency 5 ms', from: 10_000, to: 20_000}], [connected]);
	expect(outage).toMatchObject({fallbackMs: undefined, recoveryMs: undefined, isUnresolved: false});
});

test('a cache that was in fallback when the fault began fell back before it', () => {
	const outage = latestOutage(
		[{id: 1, label: 'kill', from: 10_000, to: undefined}],
		[connected, change('fallback', 9000)],
	);
	expect(outage).toMatchObject({label: 'kill', fallbackMs: 'before', isUnresolved: true});
});

test('an outage is unresolved until the cache is connected again', () => {
	const outage = latestOutage(
		[{id: 1, label: 'kill', from: 10_000, to: 20_000}],
		[connected, change('fallback', 10_100)],
	);
	expect(outage).toMatchObject({isUnresolved: true, recoveryMs: undefined});
});

test('a fallback that no fault explains is a real outage, named by its reason', () => {
	const outages = [{id: 1, label: 'blackhole', from: 1000, to: 2000}];
	const modes = [connected, change('fallback', 50_000, '5 deadlines missed')];
	expect(latestOutage(outages, modes)).toMatchObject({isSimulated: false, label: '5 deadlines missed', from: 50_000});
	expect(latestOutage([], [...modes, change('connected', 60_000)])).toMatchObject({to: 60_000, isUnresolved: false});
});

test('a fault that came after a real outage is the latest', () => {
	const modes = [connected, change('fallback', 5000), change('connected', 6000)];
	expect(latestOutage([{id: 1, label: 'latency', from: 9000, to: undefined}], modes)?.label).toBe('latency');
});
