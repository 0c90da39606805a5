import {describe, expect, it} from 'vitest';
import {keysOfCommand} from '../../../source/inspect/server/hot-keys/command-keys.js';
import {FrequentItems} from '../../../source/inspect/server/hot-keys/frequent-items.js';
import {type MonitoredCommand, MonitorReader} from '../../../source/inspect/server/hot-keys/monitor-reader.js';
import {
	type MonitorBounds,
	type OpenMonitor,
	sampleByMonitor,
} from '../../../source/inspect/server/hot-keys/monitor-sample.js';

describe('frequent items', () => {
	it('are found among any number of others, with counts that are too low by no more than they say', () => {
		const items = new FrequentItems(50);
		for (let index = 0; index < 20_000; index++) {
			items.add(`rare:${index}`);
			if (index % 10 === 0) items.add('hot');
			if (index % 20 === 0) items.add('warm');
		}
		const [first, second] = items.top(2);
		expect([first?.item, second?.item]).toEqual(['hot', 'warm']);
		expect(items.total).toBe(23_000);
		for (const [found, real] of [
			[first, 2000],
			[second, 1000],
		] as const) {
			expect(found?.count).toBeLessThanOrEqual(real);
			expect((found?.count ?? 0) + items.error).toBeGreaterThanOrEqual(real);
		}
		expect(items.error).toBeLessThanOrEqual(items.total / 50);
		expect(items.top(1000).length).toBeLessThanOrEqual(100);
	});

	it('are counted exactly while there are few', () => {
		const items = new FrequentItems(10);
		for (const item of ['a', 'b', 'a']) items.add(item);
		expect(items.top(5)).toEqual([
			{item: 'a', count: 2},
			{item: 'b', count: 1},
		]);
		expect(items.error).toBe(0);
	});
});

/** Everything that a reader makes of some text, cut into chunks. */
function read(text: string, chunkLength: number) {
	const commands: MonitoredCommand[] = [];
	const told: string[] = [];
	const reader = new MonitorReader({
		onStart: () => void told.push('start'),
		onCommand: (command) => void commands.push(command),
		onRefused: (message) => void told.push(message),
	});
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += chunkLength) reader.push(bytes.subarray(at, at + chunkLength));
	return {commands, told};
}

describe('the stream of MONITOR', () => {
	const lines = [
		'+OK',
		'+1690000000.123456 [0 10.0.0.7:53122] "GET" "user:1"',
		'+1690000000.123457 [3 [::1]:53122] "SET" "a \\"quoted\\" key" "value"',
		'+1690000000.123458 [0 lua] "hset" "user\\xff" "field" "value"',
		'+1690000000.123459 [0 unix:/tmp/redis.sock] "PING"',
		'',
	].join('\r\n');

	it.each([1, 7, 1000])('is read in chunks of %i bytes', (chunkLength) => {
		const {commands, told} = read(lines, chunkLength);
		expect(told).toEqual(['start']);
		expect(commands).toEqual([
			{database: '0', source: '10.0.0.7:53122', words: ['GET', 'user:1']},
			{database: '3', source: '[::1]:53122', words: ['SET', 'a \\"quoted\\" key', 'value']},
			{database: '0', source: 'lua', words: ['hset', 'user\\xff', 'field', 'value']},
			{database: '0', source: 'unix:/tmp/redis.sock', words: ['PING']},
		]);
	});

	it('keeps only the beginning of a line, however long its values are', () => {
		const {commands} = read(`+1.5 [0 a:1] "SET" "k" "${'x'.repeat(1_000_000)}"\r\n+1.5 [0 a:1] "GET" "k"\r\n`, 65_536);
		expect(commands.map(({words}) => words)).toEqual([
			['SET', 'k'],
			['GET', 'k'],
		]);
	});

	it('may be a refusal', () => {
		expect(read('-NOPERM this user has no permissions\r\n', 10).told).toEqual(['NOPERM this user has no permissions']);
	});
});

it.each([
	['GET user:1', ['user:1']],
	['mget a b c', ['a', 'b', 'c']],
	['MSET a 1 b 2', ['a', 'b']],
	['OBJECT ENCODING a', ['a']],
	['XREADGROUP GROUP g me COUNT 1 STREAMS s t > >', ['s', 't']],
	['BITOP AND to a b', ['to']],
	['HSET h field value', ['h']],
	['EVALSHA abc 1 k', []],
	['SCAN 0', []],
	['PUBLISH channel text', []],
	['CONFIG GET maxmemory', []],
	['PING', []],
])('%s uses the keys %j', (line, keys) => {
	expect(keysOfCommand(line.split(' '))).toEqual(keys);
});

/** A MONITOR that tells of some lines at once, and then of nothing. */
const monitorOf =
	(lines: readonly string[], told: {closed: boolean}): OpenMonitor =>
	({onData}) => {
		queueMicrotask(() => onData(Buffer.from(['+OK', ...lines, ''].join('\r\n'))));
		return {close: () => void Object.assign(told, {closed: true})};
	};

describe('a sample by MONITOR', () => {
	const wide: MonitorBounds = {ms: 50, commands: 1000, bytes: 1_000_000};
	const get = (key: string, address = '10.0.0.7:1') => `+1.5 [0 ${address}] "GET" "${key}"`;

	it.each([
		['ms', wide],
		['commands', {...wide, commands: 2}],
		['bytes', {...wide, bytes: 60}],
	] as const)('is ended by the bound of %s, and closes its connection', async (endedBy, bounds) => {
		const told = {closed: false};
		const sample = await sampleByMonitor(monitorOf([get('a'), get('b'), get('a')], told), bounds, () => false);
		expect(sample.endedBy).toBe(endedBy);
		expect(sample.commands).toBe(endedBy === 'commands' ? 2 : 3);
		expect(told.closed).toBe(true);
	});

	it('leaves out this program', async () => {
		const ours = [get('b', '10.0.0.9:1'), '+1.5 [0 10.0.0.9:1] "EVAL" "…" "1" "c"', get('c', 'lua')];
		const monitor = monitorOf([get('a'), ...ours], {closed: false});
		const {keys} = await sampleByMonitor(monitor, wide, (address) => address === '10.0.0.9:1');
		expect(keys).toEqual([{item: '0 a', count: 1}]);
	});

	it('fails with the reason if MONITOR is refused or its connection breaks', async () => {
		const refused: OpenMonitor = ({onData}) => {
			queueMicrotask(() => onData(Buffer.from('-NOPERM no\r\n')));
			return {close: () => undefined};
		};
		await expect(sampleByMonitor(refused, wide, () => false)).rejects.toThrow('MONITOR is refused: NOPERM no');
		const broken: OpenMonitor = ({onDown}) => {
			queueMicrotask(() => onDown(new Error('gone')));
			return {close: () => undefined};
		};
		await expect(sampleByMonitor(broken, wide, () => false)).rejects.toThrow('gone');
	});
});
