import {describe, expect, it} from 'vitest';
import {weighValue} from '../../../source/cache/memory/weigh-value.js';
import {bytesInUse} from '../../benchmark/bytes-in-use.js';
import {shapes} from '../../benchmark/shapes.js';

/** Bytes that V8 takes for a value: the difference that many of them make. */
function realBytes(make: () => unknown, count: number): number {
	const values: unknown[] = new Array(count).fill('');
	const before = bytesInUse();
	for (let index = 0; index < count; index++) values[index] = make();
	const bytes = (bytesInUse() - before) / count;
	values.length = 0;
	return bytes;
}

describe('the weight of a value', () => {
	it.each(Object.entries(shapes))('is that of its memory, within 1.5 times: %s', (_name, {make, count}) => {
		const said = weighValue(make(), 0);
		// Others may allocate in this process meanwhile: what is too much once is not too much again.
		let ratio = 0;
		for (let tries = 0; tries < 5 && !(ratio > 1 / 1.5 && ratio < 1.5); tries++) ratio = said / realBytes(make, count);
		expect(ratio).toBeGreaterThan(1 / 1.5);
		expect(ratio).toBeLessThan(1.5);
	});

	it('of a long list comes from a sample, whatever its rhythm', () => {
		const list = Array.from({length: 100_000}, (_, index) => (index % 4 === 0 ? 'x'.repeat(1000) : 'x'.repeat(100)));
		const real = list.reduce((sum, text) => sum + 24 + 16 + text.length, 0);
		expect(weighValue(list, 0) / real).toBeGreaterThan(0.8);
		expect(weighValue(list, 0) / real).toBeLessThan(1.25);
	});

	it('of lists in lists in lists comes from a sample', () => {
		const rows = (depth: number): unknown =>
			depth === 0 ? {id: 1, name: 'a longer name'} : Array.from({length: 12}, () => rows(depth - 1));
		// 12^4 objects of 40 bytes with a string of 32, and an array of 48 + 12 × 8 for every 12 of them.
		const real = 12 ** 4 * (24 + 16 + 32) + ((12 ** 4 - 1) / 11) * (48 + 12 * 8);
		expect(weighValue(rows(4), 0) / real).toBeGreaterThan(0.8);
		expect(weighValue(rows(4), 0) / real).toBeLessThan(1.25);
	});

	it('counts what a graph contains once', () => {
		type Node = {id: number; readonly friends: Node[]};
		const nodes: Node[] = Array.from({length: 200}, (_, id) => ({id, friends: []}));
		for (const node of nodes) node.friends.push(...nodes);
		const real = 200 * (40 + 48 + 200 * 8);
		expect(weighValue(nodes, 0) / real).toBeGreaterThan(0.8);
		expect(weighValue(nodes, 0) / real).toBeLessThan(1.25);
	});

	it('of values that go too deep, throw, or hide what they hold is finite', () => {
		let deep: unknown = [];
		for (let depth = 0; depth < 100_000; depth++) deep = [deep];
		expect(weighValue(deep, 0)).toBeGreaterThan(1000);
		class Hidden {
			readonly #text = 'x'.repeat(1000);
			get text(): string {
				return this.#text;
			}
		}
		expect(weighValue(new Hidden(), 1000)).toBe(1000);
		const throwing = {
			get value(): never {
				throw new Error('of the codec');
			},
		};
		expect(weighValue(throwing, 500)).toBe(1000);
	});
});
