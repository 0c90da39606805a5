import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {unordered} from '../support/resp.js';
import {ServerPair} from '../support/server-pair.js';
import {type RandomCommand, randomCommand} from './random-commands.js';
import {randomRuns, randomTimeout} from './random-runs.js';

async function repliesOf(server: PrivateRedis, resp: 2 | 3, commands: readonly RandomCommand[]): Promise<string[]> {
	const wire = await RawConnection.open(server.port, resp);
	await wire.call(['FLUSHALL']);
	for (const {words} of commands) wire.send(words);
	const replies: string[] = [];
	for (const command of commands) {
		const frame = await wire.nextReply();
		// The reply to EXEC contains replies whose order is not defined.
		replies.push(command.unordered || command.words[0] === 'EXEC' ? unordered(frame) : frame.text);
	}
	wire.close();
	return replies;
}

describe.skipIf(!realRedisVersion?.startsWith('7.0.'))('the built-in server and a real Redis', () => {
	const servers = new ServerPair();

	it(
		'reply alike to any sequence of commands',
		async () => {
			const commands = fc.array(randomCommand, {minLength: 1, maxLength: 120, size: 'max'});
			await fc.assert(
				fc.asyncProperty(fc.constantFrom(2 as const, 3 as const), commands, async (resp, list) => {
					const [expected = [], actual = []] = await Promise.all(
						servers.both.map((server) => repliesOf(server, resp, list)),
					);
					const first = expected.findIndex((reply, index) => reply !== actual[index]);
					expect(
						first === -1 ? 'alike' : {words: list[first]?.words, redis: expected[first], builtIn: actual[first]},
					).toBe('alike');
				}),
				randomRuns(150),
			);
		},
		randomTimeout,
	);
});
