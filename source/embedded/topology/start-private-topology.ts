import {randomBytes, randomUUID} from 'node:crypto';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {RedisCacheError} from '../../pool/errors.js';
import {type ClockOption, clockOption} from '../clock-option.js';
import {findServer, type ServerBinary} from '../find-server.js';
import {type Launch, launchOfClusterNode, launchOfReplica, launchOfSentinel} from '../launch.js';
import {PrivateServer} from '../private-server.js';
import type {PrivateRedisOptions} from '../types.js';
import {clusterSize, formCluster} from './cluster.js';
import {sentinelUser} from './cut-off.js';
import {PrivateTopology} from './private-topology.js';
import {formSentinel, replicatedSize, sentinelCount} from './sentinel.js';
import type {TopologyKind} from './topology-kind.js';

/** Milliseconds in which each server must answer: several start at the same time. */
const startMs = 15_000;
const passwordBytes = 18;

const namesOf: Readonly<Record<TopologyKind, string>> = {
	cluster: 'a private cluster',
	sentinel: 'a private Sentinel set-up',
};

/**
 * Starts a cluster of three masters with a replica each, or a master and its replica with three Sentinels, each a
 * `redis-server` or `valkey-server` from PATH. They end with this process, however that ends. Takes some seconds.
 *
 * @param options `password`: of all of them; empty for none. Default: a random one.
 * @throws {RedisCacheError} `ERR_NO_SERVER_BINARY`: there is none on PATH. `ERR_PRIVATE_REDIS_START`: a server did not
 * start, or they did not find each other. No process is left running then.
 */
export async function startPrivateTopology(
	kind: TopologyKind,
	{
		password = randomBytes(passwordBytes).toString('base64url'),
		setsClock = false,
	}: Pick<PrivateRedisOptions, 'password' | 'setsClock'> = {},
): Promise<PrivateTopology> {
	const binary = await findServer();
	if (binary === undefined) {
		throw new RedisCacheError(
			'ERR_NO_SERVER_BINARY',
			`${namesOf[kind]} needs redis-server or valkey-server on PATH, and neither is there: install one (the built-in server is a single server)`,
		);
	}
	const servers: PrivateServer[] = [];
	const parts = {binary, password, servers, clock: await clockOption(setsClock)};
	try {
		return await (kind === 'cluster' ? startCluster : startSentinel)(parts);
	} catch (error) {
		await Promise.all(servers.map((server) => server.close()));
		throw error;
	}
}

type Parts = {
	readonly binary: ServerBinary;
	readonly password: string;
	/** The servers that were started so far. */
	readonly servers: PrivateServer[];
	readonly clock: ClockOption;
};

async function startCluster({binary, password, servers, clock}: Parts): Promise<PrivateTopology> {
	for (let i = 0; i < clusterSize; i++)
		servers.push(serverOf(binary, launchOfClusterNode(binary, newDirectory(), password), clock));
	await startAll(servers);
	return PrivateTopology.of(await formCluster(servers, password), servers);
}

async function startSentinel({binary, password, servers, clock}: Parts): Promise<PrivateTopology> {
	// Without a password, a disabled user could still log in as the default user.
	const user = password !== '' && hasUsers(binary) ? sentinelUser : undefined;
	for (let i = 0; i < replicatedSize; i++)
		servers.push(serverOf(binary, withUser(launchOfReplica(binary, newDirectory(), password), user), clock));
	for (let i = 0; i < sentinelCount; i++)
		servers.push(
			new PrivateServer({
				kind: 'private',
				version: binary.version,
				launch: launchOfSentinel(binary, newDirectory(), password),
				startMs,
			}),
		);
	await startAll(servers);
	const shape = await formSentinel(servers.slice(0, replicatedSize), servers.slice(replicatedSize), {
		password,
		hasSentinelUser: user !== undefined,
	});
	return PrivateTopology.of(shape, servers);
}

/** True from Redis 6.2 on, which has ACL rules for channels, and for every Valkey. */
function hasUsers({name, version}: ServerBinary): boolean {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return name === 'valkey-server' || major > 6 || (major === 6 && minor >= 2);
}

/** Adds a user with the same password. */
function withUser(launch: Launch, user: string | undefined): Launch {
	if (user === undefined) return launch;
	return {...launch, config: `${launch.config}user ${user} on >${launch.password} ~* &* +@all\n`};
}

function serverOf({version}: ServerBinary, launch: Launch, {wrap, clockObstacle}: ClockOption): PrivateServer {
	return new PrivateServer({kind: 'private', version, launch: wrap(launch), startMs, clockObstacle});
}

function newDirectory(): string {
	return join(tmpdir(), `redis-cache-tui-${randomUUID()}`);
}

async function startAll(servers: readonly PrivateServer[]): Promise<void> {
	const outcomes = await Promise.allSettled(servers.map((server) => server.start()));
	const failed = outcomes.find((outcome) => outcome.status === 'rejected');
	if (failed) throw failed.reason;
}
