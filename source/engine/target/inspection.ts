import type {Sender} from '../../inspect/sender.js';
import {inspectorName} from '../../inspect/server/clients/own-clients.js';
import type {OpenMonitor} from '../../inspect/server/hot-keys/monitor-sample.js';
import type {ServerNode} from '../../inspect/server/info/read-node.js';
import {createPool} from '../../pool/create-pool.js';
import {InvalidArgumentError, ServerError} from '../../pool/errors.js';
import type {Pool, PoolOptions} from '../../pool/types.js';
import {EngineError} from '../engine-error.js';
import {oneLine} from '../one-line.js';
import {ClusterInspector, nodeOpener, nodeUrl} from './cluster-inspector.js';
import {monitorOpener} from './open-monitor.js';
import {answerMs, type Target} from './target.js';

/** The connection for looking at a server, apart from the cache's: nothing that the cache does waits for it. */
export type Inspection = {
	readonly pool: Pool;
	readonly sender: Sender;
	/** Connections to each server. */
	readonly connections: number;
	/** The server, or the masters of a cluster. */
	nodes(): Promise<readonly ServerNode[]>;
	/** @param address Of a node of a cluster. */
	openMonitor(address: string | undefined): OpenMonitor;
	close(): Promise<void>;
};

/** Opens one lane with a long deadline; for a cluster, one to each of its masters as well. */
export function openInspection(target: Target): Inspection {
	const options = poolOptionsOf(target);
	const pool = createPool(options);
	const [lane] = pool.lanes;
	if (!lane) throw new Error('a pool has at least one lane');
	if (pool.topology !== 'cluster') {
		const nodes = async () => [{address: undefined, sender: lane}];
		const openMonitor = () => monitorOpener(target.inspectUrl, target.tls);
		return {pool, sender: lane, connections: 1, nodes, openMonitor, close: () => pool.close()};
	}
	const nodes = new ClusterInspector(lane, nodeOpener(target.inspectUrl, options));
	return {
		pool,
		sender: nodes,
		// One of the cluster's pool, and one to ask this node.
		connections: 2,
		nodes: () => nodes.nodes(),
		openMonitor: (address = '') => monitorOpener(nodeUrl(target.inspectUrl, address), target.tls),
		async close() {
			await nodes.close();
			await pool.close();
		},
	};
}

/**
 * Resolves when the Redis answers.
 *
 * @throws {EngineError} It does not answer in time, or refuses the login. The error has the program's exit code.
 */
export async function awaitAnswer(inspection: Pool, target: Target): Promise<void> {
	try {
		await inspection.ready(answerMs);
	} catch (error) {
		if (error instanceof InvalidArgumentError) throw error;
		throw new EngineError('ERR_UNREACHABLE', describeFailure(error, target), 3);
	}
}

function poolOptionsOf({inspectUrl, tls}: Target): PoolOptions {
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

function describeFailure(error: unknown, {shownUrl, maskProxyAddress, proxy}: Target): string {
	const cause = error instanceof Error ? error.cause : undefined;
	const denial = [error, cause].find(
		(each): each is ServerError => each instanceof ServerError && each.kind === 'denied',
	);
	if (denial !== undefined) return describeDenial(denial, shownUrl);
	const advice = `within ${answerMs / 1000} s: check the URL (${maskProxyAddress(oneLine(cause ?? error))})`;
	// Where there is a proxy, something was found to listen.
	return proxy
		? `${shownUrl} accepts connections but does not answer as Redis does ${advice}`
		: `cannot reach ${shownUrl} ${advice}`;
}

function describeDenial({prefix, message}: ServerError, shownUrl: string): string {
	switch (prefix) {
		case 'NOAUTH':
			return `${shownUrl} wants a password, and the URL has none: write it before the host, as user:password@ or :password@`;
		case 'NOPERM':
			return `${shownUrl} accepted the login, but the user lacks rights: ${message}`;
		default:
			return `${shownUrl} refused the user name or password: check the URL`;
	}
}
