import {describe, expect, it} from 'vitest';
import {describeFault, faultCatalogue, isServerFault} from '../../source/faults/catalogue.js';
import type {Fault} from '../../source/faults/fault.js';
import {faultUsage, parseFault} from '../../source/faults/parse-fault.js';

const read = (text: string): Fault => parseFault(text.split(' '));

describe('a fault in words', () => {
	it.each<[string, Fault, string]>([
		['refuse', {kind: 'refuse'}, 'refuse'],
		['reset', {kind: 'reset'}, 'reset'],
		['reset 500ms', {kind: 'reset', afterMs: 500}, 'reset after 500 ms'],
		['reset after 1.5s', {kind: 'reset', afterMs: 1500}, 'reset after 1.5 s'],
		['blackhole', {kind: 'blackhole'}, 'blackhole'],
		['blackhole down', {kind: 'blackhole', direction: 'down'}, 'blackhole, down'],
		['stall both', {kind: 'stall', direction: 'both'}, 'stall'],
		['handshake', {kind: 'handshake'}, 'handshake'],
		[
			'latency 200ms jitter 50ms down',
			{kind: 'latency', delayMs: 200, jitterMs: 50, direction: 'down'},
			'latency 200 ms ± 50 ms, down',
		],
		['latency up 1s 20', {kind: 'latency', delayMs: 1000, jitterMs: 20, direction: 'up'}, 'latency 1 s ± 20 ms, up'],
		['LATENCY jitter 5ms delay 10ms', {kind: 'latency', delayMs: 10, jitterMs: 5}, 'latency 10 ms ± 5 ms'],
		['bandwidth 50kb/s', {kind: 'bandwidth', kbps: 50}, 'bandwidth 50 KB/s'],
		['slice 10 delay 5ms', {kind: 'slice', bytes: 10, delayMs: 5}, 'slice 10 bytes every 5 ms'],
		['node 2 pause', {kind: 'pause', node: '2'}, 'pause, on node 2'],
		['Node MASTER refuse', {kind: 'refuse', node: 'master'}, 'refuse, on the master'],
		[
			'node 10.0.0.7:6379 latency 200ms',
			{kind: 'latency', delayMs: 200, node: '10.0.0.7:6379'},
			'latency 200 ms, on 10.0.0.7:6379',
		],
		['flaky 0.3', {kind: 'flaky', probability: 0.3}, 'flaky 30 % every 1 s'],
		['flaky 30% every 200ms', {kind: 'flaky', probability: 0.3, everyMs: 200}, 'flaky 30 % every 200 ms'],
		['limit 10kb up', {kind: 'limit', bytes: 10_000, direction: 'up'}, 'limit 10000 bytes, up'],
		['error LOADING 0.5', {kind: 'error', error: 'LOADING', probability: 0.5}, 'error LOADING 50 %'],
		['error readonly', {kind: 'error', error: 'READONLY'}, 'error READONLY'],
		['memory-full', {kind: 'memory-full'}, 'memory-full'],
		['clock +250ms', {kind: 'clock', offsetMs: 250}, 'clock +250 ms'],
		['clock offset 1.5s', {kind: 'clock', offsetMs: 1500}, 'clock +1.5 s'],
		['node 2 clock -2s', {kind: 'clock', offsetMs: -2000, node: '2'}, 'clock -2 s, on node 2'],
	])('is parsed and described: %s', (text, fault, label) => {
		expect(read(text)).toEqual(fault);
		expect(describeFault(fault)).toBe(label);
	});

	it.each([
		['', /^Name a fault, such as "latency 200ms"; there are refuse, reset, blackhole/],
		['earthquake', /^No fault "earthquake"/],
		['refuse 5', /^refuse does not take "5"; write: refuse$/],
		[
			'latency',
			/^latency needs a time such as 200ms or 1.5s; write: latency <delay> \[jitter <ms>\] \[up\|down\|both\]$/,
		],
		['latency soon', /^latency: delay wants a time such as 200ms or 1.5s, not "soon"$/],
		['node', /^after "node" comes the number that a node has in the Pool view, .* replica; write: node 2 blackhole$/],
		['node blackhole', /^after "node" comes .*, not "blackhole"; write:/],
		['node 0 blackhole', /^after "node" comes .*, not "0"; write:/],
		['node 2', /^Name a fault/],
		['latency 10ms jitter', /^latency: "jitter" needs a value/],
		['latency 10ms delay 20ms', /^latency: delay is given twice$/],
		['latency 2h', /^latency: delay is 2h; it must be from 0 to 60000 ms$/],
		['latency -5', /not "-5"/],
		['latency 10ms up down', /direction is given twice/],
		['flaky 1.5', /^flaky: probability is 1.5; it must be from 0 to 1$/],
		['error', /^error needs one of LOADING, READONLY, OOM, CLUSTERDOWN/],
		['error MOVED', /^error: error is one of LOADING, READONLY, OOM, CLUSTERDOWN, not "MOVED"$/],
		['bandwidth 0', /must be from 0.01/],
		['clock', /^clock needs a time ahead such as \+250ms, or behind such as -2s; write: clock <offset>$/],
		['clock -2h', /^clock: offset is -2h; it must be from -3600000 to 3600000 ms$/],
		['clock --2s', /^clock: offset wants a time ahead such as \+250ms, or behind such as -2s, not "--2s"$/],
	])('is refused with an error that says what to do: %j', (text, message) => {
		expect(() => read(text)).toThrow(message);
		expect(() => read(text)).toThrow(expect.objectContaining({code: 'ERR_FAULT_SYNTAX'}));
	});
});

it('names only the faults that are possible, of those of a server none to a proxy alone', () => {
	const messageOf = (where?: 'wire' | 'server') => {
		try {
			parseFault(['blackhol'], where);
		} catch (error) {
			return (error as Error).message;
		}
		return undefined;
	};
	expect(messageOf()).toContain('error, kill, pause');
	expect(messageOf('wire')).toMatch(/^No fault "blackhol"; there are refuse, .*, limit, error$/);
	// It is still understood, for an error that says why it is refused.
	expect(parseFault(['kill'], 'wire')).toEqual({kind: 'kill'});
});

describe('the catalogue of faults', () => {
	it('describes every fault in one line, with valid defaults for its parameters', () => {
		expect(faultCatalogue.map(({kind}) => kind)).toEqual([
			'refuse',
			'reset',
			'blackhole',
			'stall',
			'handshake',
			'latency',
			'bandwidth',
			'slice',
			'flaky',
			'limit',
			'error',
			'kill',
			'pause',
			'restart',
			'memory-full',
			'clock',
			'failover',
			'lag',
			'split',
			'reshard',
		]);
		for (const info of faultCatalogue) {
			const {kind, summary, parameters, where} = info;
			expect(summary.length, kind).toBeGreaterThan(20);
			expect(summary.length, kind).toBeLessThan(100);
			const fault = parseFault([kind, ...parameters.flatMap(({word, default: value}) => [word, String(value)])]);
			expect(isServerFault(fault)).toBe(where === 'server');
			expect(faultUsage(info)).toContain(kind);
			expect(describeFault(fault)).toMatch(new RegExp(`^${kind}\\b`));
		}
	});
});
