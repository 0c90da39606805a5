import {expect, test} from 'vitest';
import {familyOf} from '../../../source/inspect/server/activity/command-families.js';
import {figuresBetween} from '../../../source/inspect/server/activity/figures.js';
import {hitRatioOf, joinNodes, joinSpans, perSecond} from '../../../source/inspect/server/activity/merge-figures.js';
import {noOwnCommands} from '../../../source/inspect/server/activity/own/own-commands.js';
import {LatencySpan} from '../../../source/inspect/server/info/latency-counts.js';
import {commandOf, countersAt} from './sample-counters.js';

const nobody = {commands: noOwnCommands, connections: 0, pingMs: undefined};

const figures = (...args: Parameters<typeof figuresBetween>) => {
	const found = figuresBetween(...args);
	if (!found) throw new Error('the counters count as reset');
	return found;
};

test('figures are the growth of the counters, commands told by family', () => {
	const before = countersAt(10, {
		hits: 1000,
		misses: 100,
		evicted: 5,
		errors: new Map([['OOM', 2]]),
		commands: new Map([['get', commandOf(1100, 1100)]]),
	});
	const after = countersAt(12, {
		hits: 1060,
		misses: 140,
		evicted: 25,
		errors: new Map([
			['OOM', 9],
			['ERR', 0],
		]),
		commands: new Map([
			['get', commandOf(1200, 1300)],
			['set', commandOf(10, 50, 7)],
			['unlink', commandOf(1, 4)],
			['evalsha', commandOf(2, 20)],
			['ts.add', commandOf(3, 3)],
		]),
	});
	const found = figures(before, after, nobody);
	expect(found).toMatchObject({seconds: 2, hits: 60, misses: 40, evicted: 20, commands: 116, failedCommands: 7});
	expect(found.families).toEqual({reads: 100, writes: 10, deletes: 1, scripts: 2, other: 3});
	expect(found.errors).toEqual({OOM: 7});
	expect(found.busiest.slice(0, 2)).toEqual([
		{name: 'get', calls: 100, microseconds: 200},
		{name: 'set', calls: 10, microseconds: 50},
	]);
	expect(hitRatioOf(found)).toBe(0.6);
	expect(perSecond(found.evicted, found)).toBe(10);
});

test('what this program has done itself is left out, and so is administration', () => {
	const after = countersAt(1, {
		hits: 50,
		misses: 7,
		clients: 9,
		commands: new Map([
			['pttl', commandOf(40, 80)],
			['get', commandOf(17, 17)],
			['info', commandOf(5, 500)],
			['client|list', commandOf(1, 90)],
		]),
		errors: new Map([['NOPERM', 3]]),
	});
	const own = {
		...noOwnCommands,
		calls: new Map([['pttl', 40]]),
		hits: 38,
		misses: 2,
		errors: new Map([['NOPERM', 3]]),
	};
	const found = figures(countersAt(0), after, {commands: own, connections: 4, pingMs: 1.5});
	expect(found).toMatchObject({hits: 12, misses: 5, commands: 17, clients: 5, pingMs: 1.5});
	expect(found.errors).toEqual({});
	expect(found.busiest.map(({name}) => name)).toEqual(['get']);
});

test('a restart, CONFIG RESETSTAT and a failover give no figures instead of negative ones', () => {
	const before = countersAt(10, {hits: 1000, commands: new Map([['get', commandOf(1000, 1000)]])});
	expect(figuresBetween(before, countersAt(11, {...before, at: 11_000, runId: 'b'}), nobody)).toBeUndefined();
	expect(figuresBetween(before, countersAt(11, {hits: 3}), nobody)).toBeUndefined();
	const reset = countersAt(11, {hits: 1000, commands: new Map([['get', commandOf(2, 2)]])});
	expect(figuresBetween(before, reset, nobody)).toBeUndefined();
});

test('quantiles come from the calls that were added to the histograms', () => {
	const span = new LatencySpan();
	// Counts are cumulative: 90 calls of at most 2 µs, 10 of at most 16 µs.
	span.add(
		[[16, 1000]],
		[
			[2, 90],
			[16, 1100],
		],
	);
	expect(span.quantile(0.5)).toBeCloseTo(0.0016, 3);
	expect(span.quantile(0.99)).toBeGreaterThan(0.008);
	expect(span.quantile(0.99)).toBeLessThanOrEqual(0.016);
	expect(new LatencySpan().quantile(0.5)).toBeUndefined();
});

test('without LATENCY HISTOGRAM the average remains', () => {
	const after = countersAt(1, {commands: new Map([['get', commandOf(10, 30)]]), latency: undefined});
	const {latency} = figures(countersAt(0, {latency: undefined}), after, nobody);
	expect(latency).toEqual({p50: undefined, p99: undefined, mean: 0.003});
});

test('spans of time and nodes of a cluster are joined', () => {
	const span = (second: number, p99: number, usedMemory: number) => {
		const after = countersAt(second, {hits: 10, usedMemory, commands: new Map([['get', commandOf(10, 10)]])});
		return {...figures(countersAt(second - 1), after, nobody), latency: {p50: 1, p99, mean: 1}};
	};
	const [one, two] = [span(1, 4, 100), span(2, 9, 300)];
	expect(joinSpans(one, two)).toMatchObject({seconds: 2, hits: 20, usedMemory: 300, latency: {p99: 9}, keys: 100});
	expect(joinNodes(one, two)).toMatchObject({seconds: 1, hits: 20, usedMemory: 400, latency: {p99: 9}, keys: 200});
	expect(joinNodes(one, two).busiest).toEqual([{name: 'get', calls: 20, microseconds: 20}]);
});

test('every command of the statistics has a family', () => {
	expect(['get', 'client|list', 'object|freq', 'function|load', 'json.set', 'xgroup|create'].map(familyOf)).toEqual([
		'reads',
		'administration',
		'reads',
		'administration',
		'other',
		'writes',
	]);
});
