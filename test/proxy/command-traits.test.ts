import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {traitsOf} from '../../source/proxy/protocol/command-traits.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';

type CommandReply = readonly [
	name: string,
	arity: number,
	flags: readonly string[],
	first: number,
	last: number,
	step: number,
	acl: unknown,
	tips: unknown,
	keys: readonly unknown[],
	subcommands: readonly unknown[],
];

/** Scripts count as writes on purpose: neither Redis nor the proxy knows what they will do. */
const scripts = ['eval', 'evalsha', 'fcall'];

describe('the traits of commands', () => {
	let redis: RedisProcess;

	beforeAll(async () => {
		redis = await startRedisProcess();
	});

	afterAll(() => redis.close());

	it('are those that the server reports for every command without subcommands', async () => {
		const client = new Redis(redis.url, {protocol: 2});
		const replies = (await client.call('COMMAND')) as CommandReply[];
		client.disconnect();
		const simple = replies.filter(
			([name, , , , , , , , , subcommands]) => subcommands.length === 0 && !scripts.includes(name),
		);
		expect(simple.length).toBeGreaterThan(150);
		for (const [name, , flags, , , , , , keys] of simple) {
			expect(traitsOf(name.toUpperCase()), name).toEqual({
				writes: flags.includes('write'),
				denyOom: flags.includes('denyoom'),
				// Replication starts before the data set is there.
				whileLoading: flags.includes('loading') || name === 'sync' || name === 'psync',
				keys: keys.length > 0 || flags.includes('movablekeys'),
			});
		}
	});
});
