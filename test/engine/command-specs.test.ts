import {describe, expect, it} from 'vitest';
import {commandSpecs, findCommand, usageOf, wordsProblem} from '../../source/engine/command-specs.js';

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
		const usages = ['set', 'checkout', 'keys', 'flush', 'top', 'edit']
			.map((name) => findCommand(name))
			.map((spec) => spec && usageOf(spec));
		expect(usages).toEqual([
			'set <key> <value> [ttl] [tag…]',
			'checkout hold <count> [for <time>]',
			'keys [pattern] [cursor] [count]',
			'flush memory',
			'top <size|ttl> [pattern] [cursor]',
			'edit <key> <what> <words…>',
		]);
	});

	it('says of every word that is missing what to type there', () => {
		const said = commandSpecs.flatMap((spec) =>
			spec.args.filter(({optional}) => !optional).map((_, given) => wordsProblem(spec, given)?.split('; write: ')[0]),
		);
		expect(said).toEqual([
			'get needs the name of a key',
			'set needs the name of a key',
			'set needs a value',
			'del needs the name of a key',
			'ttl needs the name of a key',
			'expire needs the name of a key',
			'expire needs a time such as 30s or 5m',
			'touch needs the name of a key',
			'has needs the name of a key',
			'mget needs the name of a key',
			'invalidate needs the name of a tag',
			'flush needs the word memory',
			'inspect needs the name of a key',
			'top needs one of size or ttl',
			'count needs a pattern such as user:*',
			'remove needs the name of a key',
			'sweep needs a pattern such as user:*',
			'edit needs the name of a key',
			'edit needs one of set, hset, hdel, lset, lpush, rpush, lrem, sadd, srem, zadd or zrem',
			'edit needs to be told what is to be there',
			'lifetime needs the name of a key',
			'lifetime needs a time such as 30s or 5m, or the word never',
			'redis needs a command of Redis, such as PING',
			'connect needs the URL of a Redis, such as redis://127.0.0.1:6379, or the word private',
			'outage needs the name of a fault, such as blackhole',
			'drill needs the name of a drill, or its file',
			'workload needs one of on, off, rate, mix or keys',
			'pool needs the word resize',
			'pool needs the number of lanes, 1 to 64',
			'checkout needs the word hold',
			'checkout needs the number of connections, 1 to 1000',
			'export needs the name of a new file',
			'view needs one of overview, keys, pool, server, faults or log',
			'window needs one of 1m, 15m or 2h',
			'theme needs one of default, light, colour-blind or mono',
			'glyphs needs one of unicode or ascii',
		]);
	});

	it('says how a command is written when there are too many words', () => {
		const get = findCommand('get');
		expect(get && wordsProblem(get, 2)).toBe(
			'these are too many words; write: get <key>, and put what has blanks in quotes',
		);
	});
});
