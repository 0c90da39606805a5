import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {type Frame, unordered} from '../support/resp.js';

/** Commands of later versions of Redis that the built-in server has as well. */
const additions = ['client|setinfo'];

/** Arity, flags, keys and categories by name: the facts that clients rely on. */
function described(frames: readonly Frame[], into = new Map<string, string>()): Map<string, string> {
	for (const {items} of frames) {
		const [name, arity, flags, first, last, step, categories, , , subcommands] = items;
		if (!name || !arity || !flags || !first || !last || !step || !categories || !subcommands) continue;
		const parts = [arity.text, unordered(flags), first.text, last.text, step.text, unordered(categories)];
		into.set(name.text.split('\r\n')[1] ?? '', parts.join('').replaceAll('\r\n', ' '));
		described(subcommands.items, into);
	}
	return into;
}

async function commandsOf(server: PrivateRedis): Promise<Map<string, string>> {
	const wire = await RawConnection.open(server, 3);
	const frame = await wire.call(['COMMAND']);
	wire.close();
	return described(frame.items);
}

describe('the built-in server describes its commands', () => {
	let builtIn: PrivateRedis;

	beforeAll(async () => {
		builtIn = await startPrivateRedis({prefer: 'built-in'});
	});

	afterAll(() => builtIn?.close());

	it.skipIf(realRedisVersion === undefined)('with the same arity, flags, keys and categories as Redis', async () => {
		const real = await startPrivateRedis({prefer: 'binary'});
		const expected = await commandsOf(real).finally(() => real.close());
		const actual = await commandsOf(builtIn);
		expect(actual.size).toBeGreaterThan(200);
		const differences = [...actual].flatMap(([name, text]) =>
			additions.includes(name) || expected.get(name) === text ? [] : {name, redis: expected.get(name), builtIn: text},
		);
		expect(differences).toEqual([]);
	});

	it('completely in COMMAND DOCS, COMMAND COUNT and COMMAND LIST', async () => {
		const wire = await RawConnection.open(builtIn, 3);
		const names = new Set([...(await commandsOf(builtIn)).keys()]);
		const containers = [...names].filter((name) => !name.includes('|'));
		expect((await wire.call(['COMMAND', 'COUNT'])).text).toBe(`:${containers.length}\r\n`);
		expect((await wire.call(['COMMAND', 'DOCS'])).items).toHaveLength(containers.length * 2);
		expect((await wire.call(['COMMAND', 'LIST'])).items).toHaveLength(names.size);
		wire.close();
	});
});
