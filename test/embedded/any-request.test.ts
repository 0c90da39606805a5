import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {unordered} from '../support/resp.js';
import {ServerPair} from '../support/server-pair.js';
import {randomRuns, randomTimeout} from './random-runs.js';

/** Their replies depend on the server itself, on chance or on time, or they end the connection. For DUMP see dump.test.ts. */
const notCompared = new Set(
	`shutdown quit reset auth hello client|pause client|kill client|reply client|setinfo client|id client|info client|list
	config|set config|get config|resetstat config|rewrite command command|info command|docs command|list command|count
	command|getkeys command|getkeysandflags time lastsave role debug info memory|stats memory|doctor memory|usage latency|doctor
	slowlog|get slowlog|len object|idletime pttl pexpiretime randomkey spop srandmember hrandfield zrandmember scan
	subscribe psubscribe unsubscribe punsubscribe dump`.split(/\s+/),
);

const words =
	`k1 k2 k3 a b 0 1 2 3 -1 -5 1.5 100 99999999999999999999 inf nan (1 [a - + * LIMIT COUNT WITHSCORES BYSCORE
	BYLEX REV NX XX GT LT CH INCR GET EX PX KEEPTTL PERSIST REPLACE DB LEFT RIGHT MIN MAX BEFORE AFTER WEIGHTS AGGREGATE SUM
	MATCH TYPE RANK MAXLEN ASYNC SYNC return`.split(/\s+/);

const word = fc.oneof(fc.constantFrom(...words), fc.constantFrom('', 'x y', 'return 1'));

describe.skipIf(!realRedisVersion?.startsWith('7.0.'))('the built-in server', () => {
	const servers = new ServerPair();
	let names: string[];

	beforeAll(async () => {
		const wire = await RawConnection.open(servers.builtIn.port);
		const all = (await wire.call(['COMMAND', 'LIST'])).items.map(({text}) => text.split('\r\n')[1] ?? '');
		names = all.filter((name) => !notCompared.has(name) && !name.endsWith('|help'));
		wire.close();
	});

	/** Gives commands that may block a short timeout. */
	function requestOf(name: string, args: readonly string[]): string[] {
		if (name === 'wait') return ['wait', '0', '1'];
		if (/^b[lz]mpop$/.test(name)) return [name, '0.001', ...args.slice(1)];
		if (/^b([lz]|rpop)/.test(name)) return [name, ...args, '0.001'];
		return withLongLives([...name.split('|'), ...args]);
	}

	/** Makes expiries long, because a key might have expired on one server and not yet on the other. */
	function withLongLives(request: string[]): string[] {
		if (!request.some((one) => /^(p?setex|p?expire|[ep]x)$/i.test(one))) return request;
		return request.map((one) => (/^[1-9]\d{0,2}$/.test(one) ? `${one}000000` : one));
	}

	it(
		'replies to any command with any arguments like a real Redis',
		async () => {
			const request = fc
				.tuple(fc.constantFrom(...names), fc.array(word, {maxLength: 6, size: 'max'}))
				.map(([name, args]) => requestOf(name, args));
			const setUp = fc.constantFrom(
				'SET k1 5',
				'RPUSH k1 a b 1',
				'SADD k1 1 2',
				'HSET k1 a 1',
				'ZADD k1 1 a 2 b',
				'PING',
			);
			await fc.assert(
				fc.asyncProperty(
					setUp,
					fc.array(request, {minLength: 1, maxLength: 40, size: 'max'}),
					async (first, requests) => {
						const [expected, actual] = await Promise.all(
							servers.both.map(async ({port}) => {
								const wire = await RawConnection.open(port);
								const replies: string[] = [];
								for (const one of [['FLUSHALL'], first.split(' '), ...requests])
									replies.push(unordered(await wire.call(one)));
								wire.close();
								return replies;
							}),
						);
						const differs = requests.findIndex((_, index) => expected?.[index + 2] !== actual?.[index + 2]);
						const shown = {request: requests[differs], redis: expected?.[differs + 2], builtIn: actual?.[differs + 2]};
						expect(differs === -1 ? 'alike' : shown).toBe('alike');
					},
				),
				randomRuns(100),
			);
		},
		randomTimeout,
	);
});
