import {describe, expect, it} from 'vitest';
import {commandSpecs, findCommand, usageOf} from '../../source/engine/command-specs.js';

describe('the registry of commands', () => {
	it('gives every name and alias to one command only', () => {
		const names = commandSpecs.flatMap(({name, aliases = []}) => [name, ...aliases]);
		expect(new Set(names).size).toBe(names.length);
	});

	it('gives every key to one command only', () => {
		const keys = commandSpecs.flatMap(({keys = []}) => keys);
		expect(new Set(keys).size).toBe(keys.length);
	});

	it('has optional arguments only after required ones, and a rest only at the end', () => {
		for (const {name, args} of commandSpecs) {
			const firstOptional = args.findIndex(({optional}) => optional);
			const lastRequired = args.findLastIndex(({optional}) => !optional);
			if (firstOptional >= 0) expect(firstOptional, name).toBeGreaterThan(lastRequired);
			expect(
				args.slice(0, -1).some(({rest}) => rest),
				name,
			).toBe(false);
		}
	});

	it('marks everything that changes what an application sees as writing', () => {
		const writing = commandSpecs.filter(({writes}) => writes).map(({name}) => name);
		expect(writing).toEqual([
			'set',
			'del',
			'expire',
			'touch',
			'invalidate',
			'clear',
			'remove',
			'sweep',
			'edit',
			'lifetime',
			'drill',
			'workload',
		]);
	});

	it('finds commands by alias and in any case', () => {
		expect(findCommand('DELETE')?.name).toBe('del');
		expect(findCommand('tag')?.name).toBe('invalidate');
		expect(findCommand('flushall')).toBeUndefined();
	});

	it('writes how a command is used', () => {
		const usages = ['set', 'checkout', 'keys'].map((name) => findCommand(name)).map((spec) => spec && usageOf(spec));
		expect(usages).toEqual([
			'set <key> <value> [ttl] [tag…]',
			'checkout <hold> <count> [for] [time]',
			'keys [pattern] [cursor] [count]',
		]);
	});
});
