import {RedisCacheError} from '../../pool/errors.js';
import type {PrivateServer} from '../private-server.js';
import {ask, isInSync, isMaster, waitUntil} from './ask.js';
import {cutOffMaster, cutOffReplicas, sentinelUser} from './cut-off.js';
import type {Shape} from './shape.js';

/** The first is the master, the second its replica. */
export const replicatedSize = 2;

export const sentinelCount = 3;

const quorum = 2;

/** The name of the master, as Sentinels know it. */
const masterName = 'private';

/** Milliseconds after which a Sentinel considers the master down. */
const downAfterMs = 2000;

/** Milliseconds that the Sentinels have to find each other: they announce themselves every two seconds. */
const formMs = 20_000;

/** Longest duration of a failover, in milliseconds. */
const failoverMs = 15_000;

/**
 * Creates a master and its replica from two empty servers, monitored by Sentinels. Resolves when all know each other.
 *
 * @param login `hasSentinelUser`: the servers have a separate ACL user for Sentinels.
 */
export async function formSentinel(
	servers: readonly PrivateServer[],
	sentinels: readonly PrivateServer[],
	{password, hasSentinelUser}: {readonly password: string; readonly hasSentinelUser: boolean},
): Promise<Shape> {
	const [master, replica] = servers;
	if (master === undefined || replica === undefined) throw new Error('a master has a replica');
	await ask(replica, 'REPLICAOF', master.host, String(master.port));
	await waitUntil('the replica has the data of its master', formMs, () => isInSync(replica));
	await Promise.all(
		sentinels.map(async (sentinel) => {
			const set = (name: string, value: string) => ask(sentinel, 'SENTINEL', 'SET', masterName, name, value);
			await ask(sentinel, 'SENTINEL', 'MONITOR', masterName, master.host, String(master.port), String(quorum));
			if (password !== '') await set('auth-pass', password);
			if (hasSentinelUser) await set('auth-user', sentinelUser);
			await set('down-after-milliseconds', String(downAfterMs));
			await set('failover-timeout', String(failoverMs));
		}),
	);
	await waitUntil('the private Sentinels know each other', formMs, async () => {
		const states = await Promise.all(sentinels.map(stateOf));
		return states.every(
			(state) =>
				state.get('flags') === 'master' &&
				state.get('num-slaves') === '1' &&
				state.get('num-other-sentinels') === String(sentinels.length - 1),
		);
	});
	const hosts = sentinels.map(({host, port}) => `${host}:${port}`).join(',');
	return {
		kind: 'sentinel',
		url:
			password === ''
				? `redis+sentinel://${hosts}/${masterName}/0`
				: `redis+sentinel://default:${password}@${hosts}/${masterName}/0?sentinelPassword=${password}`,
		servers,
		master: () => currentMaster(servers, sentinels),
		together: (server) => ({
			failover: () => failover(server, servers, sentinels),
			lag: () => cutOffReplicas(server, servers, password),
			...(hasSentinelUser ? {split: () => cutOffMaster(server, servers, password)} : {}),
		}),
	};
}

/** The state of the master, as a Sentinel knows it. */
async function stateOf(sentinel: PrivateServer): Promise<ReadonlyMap<string, string>> {
	const reply = await ask(sentinel, 'SENTINEL', 'MASTER', masterName);
	const words = Array.isArray(reply) ? reply.map(String) : [];
	return new Map(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ''] as const] : [])));
}

/** The port of the master on which all Sentinels agree; undefined while they do not. */
async function agreedPort(sentinels: readonly PrivateServer[]): Promise<number | undefined> {
	const states = await Promise.all(sentinels.map(stateOf));
	const [port, ...others] = new Set(states.map((state) => state.get('port')));
	return port === undefined || others.length > 0 ? undefined : Number(port);
}

async function currentMaster(
	servers: readonly PrivateServer[],
	sentinels: readonly PrivateServer[],
): Promise<PrivateServer> {
	const port = await agreedPort(sentinels);
	const master = servers.find((server) => server.port === port);
	if (master !== undefined) return master;
	throw new RedisCacheError('ERR_PRIVATE_REDIS', 'the private Sentinels do not agree on the master: try again');
}

async function failover(
	old: PrivateServer,
	servers: readonly PrivateServer[],
	sentinels: readonly PrivateServer[],
): Promise<void> {
	const [sentinel] = sentinels;
	if (sentinel === undefined) throw new Error('there are Sentinels');
	if (!(await isMaster(old)))
		throw new RedisCacheError('ERR_PRIVATE_REDIS', `the server on port ${old.port} is a replica: give its master`);
	await beginFailover(sentinel);
	await waitUntil('the replica is the master', failoverMs, async () => {
		const port = await agreedPort(sentinels);
		const master = servers.find((server) => server.port === port);
		return master !== undefined && master !== old && (await isMaster(master));
	});
}

/**
 * For a while after another failover, a Sentinel does not accept the replica as a candidate, so the request is repeated. Other
 * refusals are final.
 */
async function beginFailover(sentinel: PrivateServer): Promise<void> {
	const last: {refusal?: Error | undefined} = {};
	await waitUntil('a replica can become the master', failoverMs, async () => {
		last.refusal = await ask(sentinel, 'SENTINEL', 'FAILOVER', masterName).then(
			() => undefined,
			(error: Error) => error,
		);
		return last.refusal?.message.startsWith('NOGOODSLAVE') !== true;
	});
	if (last.refusal !== undefined) throw last.refusal;
}
