import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {unordered} from '../support/resp.js';
import {type RandomCommand, randomCommand} from './random-commands.js';

async function repliesOf(server: PrivateRedis, resp: 2 | 3, commands: readonly RandomCommand[]): Promise<string[]> {
	const wire = await RawConnection.open(server.port, resp);
	await wire.call(['FLUSHALL']);
	for (const {words} of commands) wire.send(words);
	const replies: string[] = [];
	for (const command of commands) {
		const frame = await wire.nextReply();
		// What EXEC returns has the replies of commands whose order is free.
		replies.push(command.unordered || command.words[0] === 'EXEC' ? unordered(frame) : frame.text);
	}
	wire.close();
	return replies;
}

describe.skipIf(!realRedisVersion?.startsWith('7.0.'))('the built-in server and a real Redis', () => {
	let real: PrivateRedis;
	let builtIn: PrivateRedis;

	beforeAll(async () => {
		[real, builtIn] = await Promise.all([
			startPrivateRedis({prefer: 'binary'}),
			startPrivateRedis({prefer: 'built-in'}),
		]);
	});

	afterAll(async () => {
		await Promise.all([real?.close(), builtIn?.close()]);
	});

	it('answer any sequence of commands alike', async () => {
		const commands = fc.array(randomCommand, {minLength: 1, maxLength: 120, size: 'max'});
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(2 as const, 3 as const), commands, async (resp, list) => {
				const expected = await repliesOf(real, resp, list);
				const actual = await repliesOf(builtIn, resp, list);
				const first = expected.findIndex((reply, index) => reply !== actual[index]);
				expect(
					first === -1 ? 'alike' : {words: list[first]?.words, redis: expected[first], builtIn: actual[first]},
				).toBe('alike');
			}),
			{numRuns: Number(process.env.RANDOM_RUNS ?? 150), interruptAfterTimeLimit: 20_000},
		);
	}, 120_000);
});
