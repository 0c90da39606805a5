import {expect, it} from 'vitest';
import type {CacheEvents, CacheLife} from '../../source/cache/api/types.js';
import {logCacheEvents} from '../../source/engine/log/cache-events.js';
import {EventsLog} from '../../source/engine/log/events-log.js';

/** A cache that does nothing but emit what a test gives it. */
function emitter() {
	const listeners = new Map<string, (event: never) => void>();
	const cache = {
		on(name: string, listener: (event: never) => void) {
			listeners.set(name, listener);
			return () => listeners.delete(name);
		},
	};
	const emit = <Name extends keyof CacheEvents>(name: Name, event: CacheEvents[Name]) =>
		listeners.get(name)?.(event as never);
	return {cache: cache as unknown as CacheLife, emit};
}

it('the log of an outage has no number of keys that could differ from the peak of the journal', () => {
	const log = new EventsLog();
	const {cache, emit} = emitter();
	logCacheEvents(cache, log);
	const connected = {mode: 'connected', at: 0, reason: 'connected'} as const;
	const connecting = {mode: 'recovering', at: 0, reason: 'connecting'} as const;
	emit('mode', {...connected, previous: connecting});
	const fallback = {mode: 'fallback', at: 1000, reason: '5 deadlines missed in a row'} as const;
	emit('mode', {...fallback, previous: connected});
	emit('mode', {mode: 'recovering', at: 3000, reason: 'a probe succeeded', previous: fallback});
	emit('reconcile', {keys: 430, kept: 2, overflowed: false, durationMs: 38});
	emit('mode', {...connected, at: 3100, reason: 'reconciled', previous: fallback});
	emit('reconcile', {keys: 3, kept: 0, overflowed: false, durationMs: 2});
	const lines = log.all().map(({level, text}) => `${level} ${text}`);
	expect(lines).toEqual([
		expect.stringMatching(/^info without Redis for 2\.1 s: 5 deadlines/),
		'info reconciled the journal in 38.0 ms; 2 had a newer value in Redis, which stays',
		'debug reconciled 3 dirty keys in 2.00 ms',
	]);
});

/** The log of a cache that has its first connection `ms` after its start, and loses it later. */
function startLate(ms: number): readonly string[] {
	const log = new EventsLog();
	const {cache, emit} = emitter();
	logCacheEvents(cache, log);
	const connecting = {mode: 'recovering', at: 5000, reason: 'connecting'} as const;
	const late = {mode: 'fallback', at: 5200, reason: 'not connected within 200 ms'} as const;
	const connected = {mode: 'connected', at: 5000 + ms, reason: 'reconciled'} as const;
	const error = new Error('HELLO was not sent to Redis: still connecting');
	emit('mode', {...late, previous: connecting});
	emit('error', {operation: 'command', error});
	emit('mode', {...connected, previous: late});
	emit('error', {operation: 'command', error});
	return log.all().map(({level, text}) => `${level} ${text}`);
}

it('a first connection that comes late is told with the time since the start, and its errors are no warnings', () => {
	expect(startLate(3249)).toEqual([
		'info connected only 3.25 s after the start: not connected within 200 ms',
		'debug command: HELLO was not sent to Redis: still connecting',
		'warn command: HELLO was not sent to Redis: still connecting',
	]);
});

it('a first connection that is late by a moment, as on a busy machine, is a detail', () => {
	expect(startLate(201)[0]).toBe('debug connected only 201 ms after the start: not connected within 200 ms');
});

it('a cache that was connected before its events were logged has an outage, not a late start', () => {
	const log = new EventsLog();
	const {cache, emit} = emitter();
	logCacheEvents(cache, log);
	const connected = {mode: 'connected', at: 0, reason: 'first connection'} as const;
	const fallback = {mode: 'fallback', at: 60_000, reason: 'no connection'} as const;
	emit('mode', {...fallback, previous: connected});
	emit('mode', {...connected, at: 62_000, previous: fallback});
	expect(log.all().map(({level, text}) => `${level} ${text}`)).toEqual(['info without Redis for 2 s: no connection']);
});

/** The log of a cluster of two nodes that are both lost, and back at 5 s and at `secondBackAt`. */
function loseBoth(secondBackAt: number): readonly string[] {
	const log = new EventsLog();
	const {cache, emit} = emitter();
	logCacheEvents(cache, log);
	const connected = {mode: 'connected', at: 0, reason: 'reconciled'} as const;
	const fallback = {mode: 'fallback', at: 2000, reason: 'connection lost'} as const;
	const nodeOf = (address: string) => ({address, slots: 8192, replicas: [], clockOffsetMs: 0});
	const [first, second] = [nodeOf('10.0.0.1:6379'), nodeOf('10.0.0.2:6379')];
	emit('node', {...first, ...fallback, previous: connected, nodes: {inUse: 1, total: 2}});
	emit('mode', {...fallback, previous: connected});
	emit('node', {...second, ...fallback, previous: connected, nodes: {inUse: 0, total: 2}});
	emit('mode', {...connected, at: 5000, previous: fallback});
	emit('node', {...first, ...connected, at: 5000, previous: fallback, nodes: {inUse: 1, total: 2}});
	emit('node', {
		...second,
		mode: 'recovering',
		reason: 'it answers',
		at: secondBackAt,
		previous: fallback,
		nodes: {inUse: 1, total: 2},
	});
	emit('node', {...second, ...connected, at: secondBackAt + 9, previous: fallback, nodes: {inUse: 2, total: 2}});
	return log.all().map(({level, text}) => `${level} ${text}`);
}

it('a node that is lost with the others is told by itself only if it is back later than they are', () => {
	const before = [
		'info 10.0.0.1:6379 was out of use for 3 s: connection lost; 1 of 2 nodes in use',
		'info without Redis for 3 s: connection lost',
	];
	expect(loseBoth(5100)).toEqual(before);
	expect(loseBoth(8000)).toEqual([
		...before,
		'info 10.0.0.2:6379 was out of use for 6.01 s: connection lost; 2 of 2 nodes in use',
	]);
});

it('a clock that was set is told with what that may cost', () => {
	const log = new EventsLog();
	const {cache, emit} = emitter();
	logCacheEvents(cache, log);
	emit('clockStep', {ms: 250, node: '10.0.0.7:6379'});
	emit('clockStep', {ms: -3000});
	expect(log.all().map(({level, text}) => `${level} ${text}`)).toEqual([
		'warn the clock of 10.0.0.7:6379 was set ahead by 250 ms: changes in flight may have missed their deadline, and are reconciled',
		'warn the clock of Redis was set back by 3.00 s: values set since then may be misses once',
	]);
});
