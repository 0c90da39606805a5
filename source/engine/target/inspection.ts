import {setTimeout} from 'node:timers/promises';
import type {Sender} from '../../inspect/sender.js';
import {CountingSender} from '../../inspect/server/activity/own/counting-sender.js';
import {OwnTally} from '../../inspect/server/activity/own/own-tally.js';
import {inspectorName} from '../../inspect/server/clients/own-clients.js';
import type {OpenMonitor} from '../../inspect/server/hot-keys/monitor-sample.js';
import type {ServerNode} from '../../inspect/server/info/read-node.js';
import {createPool} from '../../pool/create-pool.js';
import type {PoolOptions} from '../../pool/pool-options.js';
import type {Endpoint} from '../../pool/redis-url.js';
import {EngineError} from '../engine-error.js';
import {ClusterInspector} from './cluster/cluster-inspector.js';
import {ClusterNodes, nodeOpener, nodeUrl} from './cluster/cluster-nodes.js';
import {type Examine, isLasting, type Problem, problemOf, unreachable} from './diagnosis/say-why.js';
import {NodeList} from './nodes/node-list.js';
import {SentinelServers} from './nodes/sentinel-servers.js';
import {monitorOpener} from './open-monitor.js';
import type {Target} from './target.js';

/** The connection for inspecting a server, separate from those of the cache, so that the cache never waits for it. */
export type Inspection = {
	/** Counts its commands, like the senders of `nodes`. */
	readonly sender: Sender;
	/** Connections to each server. */
	readonly connections: number;
	/** Resolves when the server, or any node of a cluster, answers. Rejects after the timeout. */
	ready(timeoutMs: number): Promise<void>;
	/** The server, or the masters of a cluster. */
	nodes(): Promise<readonly ServerNode[]>;
	/** All nodes of a cluster, or all servers behind Sentinel. Undefined for a single server. */
	readonly list: NodeList | undefined;
	/** @param address Of a node of a cluster. */
	openMonitor(address: string | undefined): OpenMonitor;
	close(): Promise<void>;
};

/** Opens one lane with a long deadline; for a cluster, one to each of its masters. */
export function openInspection(target: Target): Inspection {
	const options = poolOptionsOf(target);
	if (target.parts?.type === 'cluster') return openClusterInspection(target, target.parts.nodes, options);
	const pool = createPool(options);
	const [lane] = pool.lanes;
	if (!lane) throw new Error('a pool has at least one lane');
	const own = new OwnTally();
	const sender = new CountingSender(lane, own);
	const sentinel = target.parts?.type === 'sentinel' ? new SentinelServers(target.parts, options) : undefined;
	return {
		sender,
		connections: 1,
		ready: (timeoutMs) => pool.ready(timeoutMs),
		nodes: async () => [{address: undefined, sender, own}],
		list: sentinel && new NodeList(() => sentinel.find()),
		openMonitor: () => monitorOpener(target.inspectUrl, target),
		async close() {
			await sentinel?.close();
			await pool.close();
		},
	};
}

function openClusterInspection(target: Target, seeds: readonly Endpoint[], options: PoolOptions): Inspection {
	const inspector = new ClusterInspector(
		new ClusterNodes(nodeOpener(target.inspectUrl, options)),
		seeds.map(({host, port}) => `${host}:${port}`),
	);
	return {
		sender: inspector,
		connections: 1,
		ready: (timeoutMs) => inspector.ready(timeoutMs),
		nodes: () => inspector.nodes(),
		list: new NodeList(() => inspector.allNodes()),
		openMonitor: (address = '') => monitorOpener(nodeUrl(target.inspectUrl, address), target),
		close: () => inspector.close(),
	};
}

/** Milliseconds between checks of the reason why there is no connection yet. */
const checkEveryMs = 50;

/** Number of checks after which the address itself is examined. A nearby Redis has answered by then. */
const checksBeforeExamination = 6;

/**
 * Resolves when the Redis answers.
 *
 * @throws {EngineError} It does not answer in time, or refuses the login. The error has the program's exit code.
 */
export async function awaitAnswer(inspection: Inspection, target: Target): Promise<void> {
	const done = new AbortController();
	let examination: Promise<Problem | undefined> | undefined;
	const examine = () => {
		examination ??= problemOf(target);
		return examination;
	};
	try {
		await Promise.race([inspection.ready(target.answerMs), lastingFailure(inspection, examine, done.signal)]);
	} catch (error) {
		throw await unreachable(error, target, examine);
	} finally {
		done.abort();
	}
}

/** Rejects once there is a failure that would repeat. */
async function lastingFailure({sender}: Inspection, examine: Examine, signal: AbortSignal): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		await setTimeout(checkEveryMs, undefined, {signal});
		const failure: unknown = await sender.send('PING', []).catch((error: unknown) => error);
		if (isLasting(failure)) throw failure;
		const problem = attempt === checksBeforeExamination ? await examine() : undefined;
		if (problem?.isLasting) throw new EngineError('ERR_UNREACHABLE', problem.text, 3);
	}
}

function poolOptionsOf({inspectUrl, tls, answerMs}: Target): PoolOptions {
	return {
		url: inspectUrl,
		lanes: 1,
		capacity: 20_000,
		deadlineMs: answerMs,
		connectMs: answerMs,
		clientName: inspectorName,
		...(tls ? {tls} : {}),
	};
}
