import {beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {ServerPair} from '../support/server-pair.js';

/** Commands of later versions of Redis that the built-in server has as well. */
const additions = new Set(['client|setinfo']);

/** The entry of a command or subcommand in COMMAND INFO; of its subcommands, listed in any order, only the kind. */
async function entryOf(wire: RawConnection, name: string): Promise<string> {
	const [entry] = (await wire.call(['COMMAND', 'INFO', name])).items;
	const items = entry?.items ?? [];
	return [entry?.head, ...items.slice(0, 9).map(({text}) => text), items[9]?.head[0]].join('');
}

async function namesOf(wire: RawConnection): Promise<string[]> {
	return (await wire.call(['COMMAND', 'LIST'])).items.map(({text}) => text.split('\r\n')[1] ?? '');
}

describe.skipIf(!realRedisVersion?.startsWith('7.0.'))('the built-in server describes its commands', () => {
	const servers = new ServerPair();
	let names: string[];

	beforeAll(async () => {
		const wire = await RawConnection.open(servers.builtIn);
		names = await namesOf(wire);
		wire.close();
	});

	it.each([2, 3] as const)('like Redis in COMMAND INFO, byte by byte, in RESP%i', async (resp) => {
		const wires = await Promise.all(servers.both.map((server) => RawConnection.open(server, resp)));
		const differences: unknown[] = [];
		for (const name of names.filter((each) => !additions.has(each))) {
			const [redis, builtIn] = await Promise.all(wires.map((wire) => entryOf(wire, name)));
			if (redis !== builtIn) differences.push({name, redis, builtIn});
		}
		for (const wire of wires) wire.close();
		expect(names.length).toBeGreaterThan(200);
		expect(differences).toEqual([]);
	});

	it('with subcommands that Redis has too', async () => {
		const wire = await RawConnection.open(servers.real);
		const known = new Set(await namesOf(wire));
		wire.close();
		expect(names.filter((name) => !known.has(name) && !additions.has(name))).toEqual([]);
	});
});

describe('the built-in server lists its commands', () => {
	it('completely in COMMAND, COMMAND DOCS, COMMAND COUNT and COMMAND LIST', async ({onTestFinished}) => {
		const server = await startPrivateRedis({prefer: 'built-in'});
		onTestFinished(() => server.close());
		const wire = await RawConnection.open(server, 3);
		const names = await namesOf(wire);
		const containers = names.filter((name) => !name.includes('|'));
		const described = (await wire.call(['COMMAND'])).items;
		const subcommands = described.flatMap(({items}) => items[9]?.items ?? []);
		expect((await wire.call(['COMMAND', 'COUNT'])).text).toBe(`:${containers.length}\r\n`);
		expect((await wire.call(['COMMAND', 'DOCS'])).items).toHaveLength(containers.length * 2);
		expect([...described, ...subcommands].map(({items}) => items[0]?.text.split('\r\n')[1]).sort()).toEqual(
			names.sort(),
		);
		wire.close();
	});
});
