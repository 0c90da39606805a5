import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Dict, type DictNode} from '../../source/embedded/built-in/store/dict.js';

type Change = {readonly add: boolean; readonly key: string};

const node = (key: string): DictNode => ({key, sequence: 0, slot: 0});

function apply(dict: Dict<DictNode>, {add, key}: Change): void {
	if (!add) dict.delete(key);
	else if (!dict.has(key)) dict.add(node(key));
}

describe('a scan with a cursor', () => {
	const key = fc.integer({min: 0, max: 60}).map(String);
	const change = fc.record({add: fc.boolean(), key});

	it('visits exactly once what exists throughout, whatever is added and deleted meanwhile', () => {
		fc.assert(
			fc.property(
				fc.array(change, {maxLength: 300, size: 'max'}),
				fc.array(fc.array(change, {maxLength: 30, size: 'max'}), {maxLength: 40}),
				fc.integer({min: 1, max: 12}),
				(before, between, count) => {
					const dict = new Dict<DictNode>();
					for (const one of before) apply(dict, one);
					const throughout = new Set(Array.from(dict, (one) => one.key));
					const met: string[] = [];
					let cursor = 0;
					let turn = 0;
					do {
						cursor = dict.scan(cursor, count, (one) => met.push(one.key));
						for (const one of between[turn++] ?? []) {
							apply(dict, one);
							if (!one.add) throughout.delete(one.key);
						}
					} while (cursor !== 0);
					for (const one of throughout) expect(met.filter((other) => other === one)).toHaveLength(1);
				},
			),
		);
	});

	it('ends even if as much is added as it visits', () => {
		const dict = new Dict<DictNode>();
		for (let index = 0; index < 100; index++) dict.add(node(`old:${index}`));
		let cursor = 0;
		let turns = 0;
		do {
			cursor = dict.scan(cursor, 10, () => {});
			for (let index = 0; index < 20; index++) dict.add(node(`new:${turns}:${index}`));
			turns++;
		} while (cursor !== 0 && turns < 1000);
		expect(turns).toBe(10);
	});

	it('can sample every node, even after most were deleted', () => {
		const dict = new Dict<DictNode>();
		for (let index = 0; index < 1000; index++) dict.add(node(String(index)));
		for (let index = 0; index < 995; index++) dict.delete(String(index));
		const seen = new Set<string>();
		for (let draw = 0; draw < 1000; draw++) seen.add(dict.random()?.key ?? '');
		expect([...seen].sort()).toEqual(['995', '996', '997', '998', '999']);
	});
});
