import {RedisCacheError} from '../../pool/errors.js';
import type {PrivateServer} from '../private-server.js';
import {ask, isInSync, isMaster, waitUntil} from './ask.js';
import {cutOffReplicas} from './cut-off.js';
import {reshard} from './reshard.js';
import type {Shape} from './shape.js';

const masterCount = 3;
const slotCount = 16_384;

/** Number of servers: the first half become masters, and each of the others a replica of one of them. */
export const clusterSize = 2 * masterCount;

/** Milliseconds that the servers have to find each other. */
const formMs = 20_000;

/** Longest duration of a failover, in milliseconds. */
const failoverMs = 15_000;

/** Milliseconds after which a replica that has not become the master is asked again. */
const electionMs = 2000;

/** Creates a cluster from six empty servers. Resolves when every server reports that the cluster is complete. */
export async function formCluster(servers: readonly PrivateServer[], password: string): Promise<Shape> {
	const masters = servers.slice(0, masterCount);
	const replicas = servers.slice(masterCount);
	await Promise.all(
		servers.map(async (server, index) => {
			await ask(server, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
			if (index < masterCount) await ask(server, 'CLUSTER', 'ADDSLOTS', ...slotsOf(index));
		}),
	);
	const [first] = servers;
	if (first === undefined) throw new Error('a cluster has servers');
	for (const {host, port} of servers.slice(1)) await ask(first, 'CLUSTER', 'MEET', host, String(port));
	await waitUntil('the nodes of the private cluster know each other', formMs, async () => {
		const known = await Promise.all(servers.map(nodesOf));
		return known.every(
			(nodes) => nodes.length === servers.length && nodes.every(({flags}) => !/handshake/.test(flags)),
		);
	});
	for (const [index, replica] of replicas.entries()) {
		const id = String(await ask(masters[index] ?? first, 'CLUSTER', 'MYID'));
		await ask(replica, 'CLUSTER', 'REPLICATE', id);
	}
	await waitUntil('the private cluster has all its nodes', formMs, async () => {
		const infos = await Promise.all(servers.map((server) => ask(server, 'CLUSTER', 'INFO')));
		const inSync = await Promise.all(replicas.map(isInSync));
		const slots = await Promise.all(servers.map((server) => ask(server, 'CLUSTER', 'SLOTS')));
		return (
			infos.every((info) => /^cluster_state:ok[\s\S]*^cluster_slots_ok:16384/m.test(String(info))) &&
			inSync.every(Boolean) &&
			slots.every((ranges) => Array.isArray(ranges) && ranges.every((range) => hasReplica(range)))
		);
	});
	return {
		kind: 'cluster',
		url: `redis+cluster://${password === '' ? '' : `default:${password}@`}${servers.map(({host, port}) => `${host}:${port}`).join(',')}`,
		servers,
		master: () => firstMaster(servers),
		together: (server) => ({
			failover: () => failover(server, servers),
			lag: () => cutOffReplicas(server, servers, password),
			reshard: () => reshard(server, servers, password),
		}),
	};
}

/** A range of slots in CLUSTER SLOTS: first and last slot, the master, its replicas. */
const hasReplica = (range: unknown): boolean => Array.isArray(range) && range.length > 3;

type Node = {readonly id: string; readonly port: number; readonly flags: string; readonly master: string};

/** The nodes that a server knows, parsed from lines such as `07c3… 127.0.0.1:30004@40004 slave e7d1… 0 …`. */
async function nodesOf(server: PrivateServer): Promise<readonly Node[]> {
	const text = String(await ask(server, 'CLUSTER', 'NODES'));
	return text
		.trim()
		.split('\n')
		.map((line) => {
			const [id = '', address = '', flags = '', master = ''] = line.split(' ');
			return {id, port: Number(/:(\d+)@/.exec(address)?.[1]), flags, master};
		});
}

function slotsOf(index: number): readonly string[] {
	const start = Math.floor((index * slotCount) / masterCount);
	const end = Math.floor(((index + 1) * slotCount) / masterCount);
	return Array.from({length: end - start}, (_, at) => String(start + at));
}

async function firstMaster(servers: readonly PrivateServer[]): Promise<PrivateServer> {
	for (const server of servers) {
		if (server.pid !== undefined && (await isMaster(server).catch(() => false))) return server;
	}
	throw new RedisCacheError('ERR_PRIVATE_REDIS', 'no master of the private cluster answers');
}

/** The replica asks its master to stop first, so that no acknowledged write is lost. */
async function failover(master: PrivateServer, servers: readonly PrivateServer[]): Promise<void> {
	if (!(await isMaster(master)))
		throw new RedisCacheError('ERR_PRIVATE_REDIS', `the server on port ${master.port} is a replica: give its master`);
	const nodes = await nodesOf(master);
	const own = nodes.find(({flags}) => /myself/.test(flags));
	const ready = nodes.find(({master: of, flags}) => of === own?.id && !/fail/.test(flags));
	const replica = servers.find(({port}) => port === ready?.port);
	if (replica === undefined)
		throw new RedisCacheError('ERR_PRIVATE_REDIS', `the master on port ${master.port} has no replica that answers`);
	let askedAt = Number.NEGATIVE_INFINITY;
	await waitUntil(`ports ${replica.port} and ${master.port} have exchanged their roles`, failoverMs, async () => {
		// The old master is the last to learn that it has lost its slots.
		if (await isMaster(replica)) return !(await isMaster(master));
		// If slots get a new owner meanwhile, the other masters refuse their votes, and the replica does not ask again by
		// itself.
		if (performance.now() - askedAt > electionMs) {
			askedAt = performance.now();
			await ask(replica, 'CLUSTER', 'FAILOVER');
		}
		return false;
	});
}
