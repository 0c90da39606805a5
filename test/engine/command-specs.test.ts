import {describe, expect, it} from 'vitest';
import type {NamedSpec} from '../../source/engine/specs/command-spec.js';
import {commandNames, findCommand, specOf} from '../../source/engine/specs/command-specs.js';
import {usageOf, wordsProblem} from '../../source/engine/specs/usage.js';

const specs: readonly NamedSpec[] = commandNames.map(specOf);

describe('the commands of the engine', () => {
	it('have each name and alias once', () => {
		const names = specs.flatMap(({name, aliases = []}) => [name, ...aliases]);
		expect(new Set(names).size).toBe(names.length);
	});

	it('have optional arguments after required ones, and a rest only at the end', () => {
		for (const {name, args} of specs) {
			const firstOptional = args.findIndex(({optional}) => optional);
			const lastRequired = args.findLastIndex(({optional}) => !optional);
			if (firstOptional >= 0) expect(firstOptional, name).toBeGreaterThan(lastRequired);
			expect(
				args.slice(0, -1).some(({rest}) => rest),
				name,
			).toBe(false);
		}
	});

	it('are marked as writing where they change what an application sees', () => {
		const writing = specs.filter(({writes}) => writes).map(({name}) => name);
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
			'kill',
			'rename',
			'copy',
			'expire-all',
			'undo',
			'load-keys',
			'drill',
			'workload',
		]);
	});

	it('are found by name and alias, in any case', () => {
		expect(findCommand('DELETE')).toBe('del');
		expect(findCommand('tag')).toBe('invalidate');
		expect(findCommand('invalidate-tags')).toBe('invalidate');
		expect(findCommand('flushall')).toBeUndefined();
		expect(findCommand('constructor')).toBeUndefined();
	});
});

describe('the usage of a command', () => {
	it('shows required, optional and repeated arguments', () => {
		const usages = (['set', 'checkout', 'keys', 'flush', 'top', 'edit'] as const).map((name) => usageOf(specOf(name)));
		expect(usages).toEqual([
			'set <key> <value> [ttl] [tag…]',
			'checkout hold <count> [for <time>]',
			'keys [pattern] [cursor] [count]',
			'flush memory',
			'top <size|ttl> [pattern] [cursor]',
			'edit <key> <what> <words…>',
		]);
	});

	it('is part of the message about each missing word, with what to type there', () => {
		const problems = specs.flatMap((spec) =>
			spec.args.filter(({optional}) => !optional).map((_, given) => wordsProblem(spec, given)?.split('; write: ')[0]),
		);
		expect(problems).toEqual([
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
			'peek needs the name of a key',
			'text needs the name of a key',
			'elements needs the name of a key',
			'top needs one of size or ttl',
			'count needs a pattern such as user:*',
			'remove needs the name of a key',
			'sweep needs a pattern such as user:*',
			'edit needs the name of a key',
			'edit needs one of set, hset, hdel, lset, lpush, rpush, lrem, sadd, srem, zadd or zrem',
			'edit needs the new content',
			'lifetime needs the name of a key',
			'lifetime needs a time such as 90 (seconds), 5m or 1h30m, or the word never',
			'show needs one of slowlog, clients, commands, memory, hotkeys, replication, config',
			'kill needs an address, a host or a client name: see `show clients`',
			'connect needs the name of a connection, a URL such as redis://127.0.0.1:6379, or the word private',
			'rename needs the name of a key',
			'rename needs the new name',
			'copy needs the name of a key',
			'copy needs the new name',
			'expire-all needs a pattern such as user:*',
			'expire-all needs a time such as 90 (seconds) or 1h30m, or the word never',
			'save-keys needs the name of a new file',
			'load-keys needs the name of a file',
			'outage needs the name of a fault, such as blackhole',
			'drill needs the name of a drill, or its file',
			'workload needs one of on, off, rate, mix or keys',
			'pool needs the word resize',
			'pool needs the number of lanes, 1 to 64',
			'checkout needs the word hold',
			'checkout needs the number of connections, 1 to 1000',
			'export needs the name of a new file',
		]);
	});

	it('is part of the message about too many words', () => {
		expect(wordsProblem(specOf('get'), 2)).toBe(
			'too many words; write: get <key>, and quote words that contain spaces',
		);
	});
});
