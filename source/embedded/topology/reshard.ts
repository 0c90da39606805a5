import {Redis} from 'ioredis';
import type {Undo} from '../../faults/breakable-server.js';
import {RedisCacheError} from '../../pool/errors.js';
import type {PrivateServer} from '../private-server.js';
import {ask, isMaster} from './ask.js';

/** Number of slots to move: a part of a master's slots, large enough that some contain keys under any traffic. */
const movedSlots = 500;

/** Number of slots that are migrated together, so that there is a period in which clients are redirected in both directions. */
const slotsAtOnce = 50;

/** Number of keys that are moved at a time. The server is blocked meanwhile. */
const keysAtOnce = 50;

/** Longest duration of a command or a move of keys, in milliseconds. */
const moveMs = 5000;

/** Migrates slots of a master to the next one, with their keys, while both are in use. */
export async function reshard(from: PrivateServer, servers: readonly PrivateServer[], password: string): Promise<Undo> {
	const masters: PrivateServer[] = [];
	for (const server of servers) {
		if (server.pid !== undefined && (await isMaster(server).catch(() => false))) masters.push(server);
	}
	const at = masters.indexOf(from);
	const to = masters[(at + 1) % masters.length];
	if (at < 0 || to === undefined || to === from)
		throw new RedisCacheError('ERR_PRIVATE_REDIS', `port ${from.port} is not one of several masters that answer`);
	const slots = (await slotsOf(from)).slice(0, movedSlots);
	const bringBack = async (): Promise<void> => {
		// If a master was lost meanwhile, the slots are not moved back.
		if (!(await areMasters([from, to]))) return;
		const moved = (await slotsOf(to)).filter((slot) => slots.includes(slot));
		await moveSlots(moved, to, from, masters, password);
	};
	try {
		await moveSlots(slots, from, to, masters, password);
	} catch (error) {
		await bringBack().catch(() => {});
		throw error;
	}
	return bringBack;
}

async function areMasters(servers: readonly PrivateServer[]): Promise<boolean> {
	return (await Promise.all(servers.map((server) => isMaster(server).catch(() => false)))).every(Boolean);
}

/** The slots of a master, in order. */
async function slotsOf(master: PrivateServer): Promise<readonly number[]> {
	const ranges = await ask(master, 'CLUSTER', 'SLOTS');
	if (!Array.isArray(ranges)) return [];
	return ranges.flatMap((range: [number, number, [string, number, string]]) => {
		const [first, last, [, port]] = range;
		return port === master.port ? Array.from({length: last - first + 1}, (_, index) => first + index) : [];
	});
}

async function moveSlots(
	slots: readonly number[],
	from: PrivateServer,
	to: PrivateServer,
	masters: readonly PrivateServer[],
	password: string,
): Promise<void> {
	const clients = new Map(masters.map((master) => [master, clientOf(master)]));
	try {
		const [source, destination] = [clients.get(from), clients.get(to)];
		if (source === undefined || destination === undefined) throw new Error('both are masters');
		await Promise.all([source.connect(), destination.connect()]);
		const fromId = String(await source.call('CLUSTER', 'MYID'));
		const toId = String(await destination.call('CLUSTER', 'MYID'));
		// A master that is down learns about the move from the others later.
		const others = [...clients.values()].filter((client) => client !== source && client !== destination);
		await Promise.allSettled(others.map((client) => client.connect()));
		for (let start = 0; start < slots.length; start += slotsAtOnce) {
			const some = slots.slice(start, start + slotsAtOnce);
			const tell = (client: Redis, state: 'IMPORTING' | 'MIGRATING' | 'NODE', id: string) =>
				Promise.all(some.map((slot) => client.call('CLUSTER', 'SETSLOT', slot, state, id)));
			await tell(destination, 'IMPORTING', fromId);
			await tell(source, 'MIGRATING', toId);
			await Promise.all(some.map((slot) => moveKeys(slot, source, to, password)));
			// The new owner comes first, so that no slot is without one.
			await tell(destination, 'NODE', toId);
			await tell(source, 'NODE', toId);
			await Promise.allSettled(others.map((client) => tell(client, 'NODE', toId)));
		}
	} catch (error) {
		await closeSlots(
			slots,
			[from, to].flatMap((server) => clients.get(server) ?? []),
		);
		throw error;
	} finally {
		for (const client of clients.values()) client.disconnect();
	}
}

/** Ends unfinished migrations on the servers that answer; otherwise clients would be redirected in both directions forever. */
async function closeSlots(slots: readonly number[], clients: readonly Redis[]): Promise<void> {
	await Promise.allSettled(
		clients.flatMap((client) => slots.map((slot) => client.call('CLUSTER', 'SETSLOT', slot, 'STABLE'))),
	);
}

async function moveKeys(slot: number, source: Redis, {host, port}: PrivateServer, password: string): Promise<void> {
	for (;;) {
		const keys = await source.call('CLUSTER', 'GETKEYSINSLOT', slot, keysAtOnce);
		if (!Array.isArray(keys) || keys.length === 0) return;
		const target = [
			host,
			String(port),
			'',
			'0',
			String(moveMs),
			'REPLACE',
			...(password === '' ? [] : ['AUTH', password]),
		];
		await source.call('MIGRATE', ...target, 'KEYS', ...keys.map(String));
	}
}

function clientOf({url}: PrivateServer): Redis {
	const client = new Redis(url, {
		lazyConnect: true,
		commandTimeout: moveMs,
		connectTimeout: moveMs,
		retryStrategy: () => null,
		protocol: 2,
	});
	client.on('error', () => {});
	return client;
}
