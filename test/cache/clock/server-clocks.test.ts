import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ServerClocks} from '../../../source/cache/clock/server-clocks.js';
import type {PoolNode} from '../../../source/pool/types.js';

const start = 1_700_000_000_000;
const addresses = ['a:1', 'b:1', 'c:1'];

/** A cluster whose keys begin with the address of their node. */
const clusterOf = (names: readonly string[]) => {
	const nodes: PoolNode[] = names.map((address) => ({address, lanes: [], slots: 1, replicas: []}));
	return {nodes, nodeOf: (key: string) => nodes.find(({address}) => key.startsWith(address))};
};

/** Whole milliseconds: a clock that is set by less than a round trip, which is 0.4 ms here, may have drifted as well. */
const skew = fc.integer({min: -5000, max: 5000});

/** Two samples, each with a round trip of 0.4 ms: the first may still be within what the clock may have drifted. */
const ask = (clocks: ServerClocks, node: string, at: number, offset: number): void => {
	for (const delay of [0, 1])
		clocks.at(node).sample(at + delay, Math.round((at + delay + 0.2 + offset) * 1000), at + delay + 0.4);
};

describe('the clocks of the nodes of a cluster', () => {
	it("bound the time of the key's own node, whatever the others show and however they are set", () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(skew, skew, skew), {minLength: 1, maxLength: 6}), (steps) => {
				const clocks = new ServerClocks(clusterOf(addresses), () => {});
				let at = start;
				for (const offsets of steps) {
					for (const [index, address] of addresses.entries()) ask(clocks, address, at, offsets[index] ?? 0);
					at += 100;
					for (const [index, address] of addresses.entries()) {
						const clock = clocks.of(`${address}:key`);
						const shown = (at + (offsets[index] ?? 0)) * 1000;
						expect(clock.notAfter(at)).toBeLessThanOrEqual(shown + 1);
						expect(clock.notBefore(at)).toBeGreaterThanOrEqual(shown - 1);
						// Within 2 ms, so that nearly all of a deadline is left for Redis.
						expect(shown - clock.notAfter(at)).toBeLessThan(2000);
						// A command that may be passed on ends in time on any node.
						expect(clocks.notAfter(at)).toBeLessThanOrEqual(shown + 1);
					}
				}
			}),
		);
	});

	it('tell the latest time that each has ever shown', () => {
		const clocks = new ServerClocks(clusterOf(addresses), () => {});
		ask(clocks, 'a:1', start, 5000);
		ask(clocks, 'b:1', start, 0);
		ask(clocks, 'a:1', start + 10, -5000);
		expect(clocks.of('a:1:key').latestEver(start + 20)).toBeGreaterThanOrEqual((start + 5000) * 1000);
		expect(clocks.of('b:1:key').latestEver(start + 20)).toBeLessThan((start + 1000) * 1000);
	});

	it('tell the latest time that an entry can have been given before its slot has moved', () => {
		const clocks = new ServerClocks(clusterOf(addresses), () => {});
		ask(clocks, 'a:1', start, 5000);
		ask(clocks, 'b:1', start, -5000);
		expect(clocks.latestEver('b:1:key', start + 20)).toBeGreaterThanOrEqual((start + 5000) * 1000);
		// A clock that was never asked says nothing: the local one may be far ahead of all nodes.
		const behind = new ServerClocks(clusterOf(addresses), () => {});
		behind.of('no node has this key');
		ask(behind, 'b:1', start, -5000);
		expect(behind.latestEver('b:1:key', start + 20)).toBeLessThan((start - 4000) * 1000);
	});

	it('limit a command that may be passed on by those of the nodes alone', () => {
		const clocks = new ServerClocks(clusterOf(addresses), () => {});
		clocks.of('no node has this key');
		for (const address of ['former:1', ...addresses]) ask(clocks, address, start, address === 'former:1' ? 0 : 5000);
		expect(clocks.notAfter(start + 2)).toBeGreaterThan((start + 4000) * 1000);
	});

	it('say which of them was set, and how far they are apart', () => {
		const steps: [number, string | undefined][] = [];
		const clocks = new ServerClocks(clusterOf(addresses), (ms, node) => steps.push([Math.round(ms), node]));
		expect(clocks.spreadMs).toBeUndefined();
		for (const [index, address] of addresses.entries()) ask(clocks, address, start, 250 * index);
		expect(clocks.spreadMs).toBeCloseTo(500, 0);
		expect(steps).toEqual([]);
		ask(clocks, 'b:1', start + 100, 0);
		expect(steps).toEqual([[-250, 'b:1']]);
	});

	it('are forgotten with nodes that have left', () => {
		const clocks = new ServerClocks(clusterOf([]), () => {});
		for (let index = 0; index < 1000; index++) ask(clocks, `former:${index}`, start, 1000 - index);
		ask(clocks, 'last:1', start, 7);
		expect(clocks.latestEver('key', start + 2)).toBeLessThan((start + 20) * 1000);
	});
});
