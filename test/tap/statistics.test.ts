import fc from 'fast-check';
import {expect, it} from 'vitest';
import {BigValues} from '../../source/tap/statistics/big-values.js';
import {CommandCounts} from '../../source/tap/statistics/command-counts.js';
import {ConnectionCounts} from '../../source/tap/statistics/connection-counts.js';
import {FrequentKeys} from '../../source/tap/statistics/frequent-keys.js';
import {LatencyHistogram} from '../../source/tap/statistics/latency-histogram.js';
import {ReadTraffic} from './support/read-traffic.js';

it('counts frequent keys with the error that it states, whatever the number of keys', () => {
	const keys = new FrequentKeys();
	const total = 200_000;
	let random = 1;
	for (let at = 0; at < total; at++) {
		random = (random * 48_271) % 2_147_483_647;
		keys.count(at % 20 === 0 ? 'hot' : `key:${random}`);
	}
	const [first] = keys.top(5);
	expect(first?.key).toBe('hot');
	expect(first?.count).toBeLessThanOrEqual(total / 20);
	expect(first?.count).toBeGreaterThanOrEqual(total / 20 - keys.error);
	expect(keys.error).toBeGreaterThan(0);
	expect(keys.error).toBeLessThanOrEqual(total / 1024);
});

it('counts a key once, whatever its caller remembers of it', () => {
	const keys = new FrequentKeys();
	let last = keys.count('shared');
	for (let round = 0; round < 5; round++) {
		for (let at = 0; at < 2048; at++) keys.count(`key:${round}:${at}`);
		last = keys.count('shared', last);
		keys.count('shared');
	}
	expect(keys.top(2048).filter(({key}) => key === 'shared')).toEqual([{key: 'shared', count: last.count}]);
	expect(last.count).toBeGreaterThanOrEqual(11 - keys.error);
});

it('tells quantiles at most a sixteenth too high, and the maximum exactly', () => {
	fc.assert(
		fc.property(
			fc.array(fc.double({min: 0.001, max: 1e6, noNaN: true}), {minLength: 1}),
			fc.constantFrom(0.5, 0.99),
			(times, share) => {
				const histogram = new LatencyHistogram();
				for (const ms of times) histogram.record(ms);
				const sorted = [...times].sort((one, other) => one - other);
				const exact = sorted[Math.max(1, Math.ceil(times.length * share)) - 1] ?? 0;
				// Times are rounded to microseconds.
				expect(histogram.quantile(share)).toBeGreaterThanOrEqual(exact - 0.0005);
				expect(histogram.quantile(share)).toBeLessThanOrEqual((exact + 0.0005) * (1 + 1 / 16) + 0.0005);
				expect(histogram.max).toBe(Math.max(...times));
			},
		),
	);
	expect(new LatencyHistogram().quantile(0.5)).toBeNull();
});

it('lists the keys with the largest values, each once', () => {
	const values = new BigValues();
	for (let at = 0; at < 1000; at++) values.see(`key:${at % 100}`, at);
	expect(values.list().slice(0, 3)).toEqual([
		{key: 'key:99', bytes: 999},
		{key: 'key:98', bytes: 998},
		{key: 'key:97', bytes: 997},
	]);
	expect(values.list()).toHaveLength(20);
});

it('counts the commands that wait, and the pipeline that they are, before any of them is answered', () => {
	const traffic = new ReadTraffic();
	traffic.send(...Array.from({length: 1500}, () => ['GET', 'a']));
	const blocked = new ReadTraffic();
	blocked.send(['BLPOP', 'queue', '0']);
	const open = [traffic.reader.snapshot(), blocked.reader.snapshot()];
	expect(new ConnectionCounts().snapshot(2000, open)).toMatchObject({
		busy: 2,
		waiting: 1,
		waitingCommands: 1500,
		deepestPipeline: 1500,
		longestWaitMs: 2000,
	});
});

it('counts the greetings that an older server does not know apart from errors', () => {
	const counts = new CommandCounts();
	const unknown = "-ERR Unknown subcommand or wrong number of arguments for 'SETINFO'. Try CLIENT HELP.\r\n";
	const asks: readonly (readonly [readonly string[], string])[] = [
		[['client', 'setinfo', 'LIB-NAME', 'ioredis'], unknown],
		[['CLIENT', 'SETINFO', 'LIB-VER', '6.0.0'], unknown],
		[
			['CLIENT', 'SETINFO', 'LIB-VER', '6.0.0'],
			"-NOPERM this user has no permissions to run the 'client|setinfo' command\r\n",
		],
		[['CLIENT', 'NO-SUCH'], '-ERR unknown subcommand\r\n'],
	];
	for (const [words, reply] of asks) counts.count(new ReadTraffic().ask(words, reply));
	expect(counts).toMatchObject({total: 4, errors: 2, harmlessErrors: 2});
	expect(counts.errorCodes()).toEqual({NOPERM: 1, ERR: 1});
	expect(counts.list()).toEqual([
		expect.objectContaining({name: 'CLIENT SETINFO', count: 3, errors: 1}),
		expect.objectContaining({name: 'CLIENT NO-SUCH', count: 1, errors: 1}),
	]);
});

it('redirects of a cluster are counted apart from errors', () => {
	const counts = new CommandCounts();
	for (const reply of ['-MOVED 1 127.0.0.1:6381\r\n', '-ASK 1 127.0.0.1:6381\r\n', '-TRYAGAIN later\r\n'])
		counts.count(new ReadTraffic().ask(['GET', 'a'], reply));
	expect(counts).toMatchObject({total: 3, redirects: 2, errors: 1});
	expect(counts.errorCodes()).toEqual({TRYAGAIN: 1});
});
