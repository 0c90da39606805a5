import {createPool} from '../../source/pool/create-pool.js';
import {type RedisProcess, startRedisProcess} from './redis-process.js';
import {until} from './until.js';

const ranges = [
	[0, 5460],
	[5461, 10_922],
	[10_923, 16_383],
] as const;

export type RedisCluster = {
	readonly nodes: readonly RedisProcess[];
	/** URL of the cluster: `redis+cluster://…`. */
	readonly url: string;
	/** Sends a command to one node. */
	ask(node: number, command: string, ...args: readonly (string | number)[]): Promise<unknown>;
	close(): Promise<void>;
};

/**
 * Further arguments for a cluster of which one node is frozen while the others stay in use. With the default node timeout, the
 * two other nodes may not hear of each other in time on a busy machine. They then count themselves as cut off, and refuse all
 * commands.
 */
export const whileNodesAreFrozen = [
	'--cluster-require-full-coverage',
	'no',
	'--cluster-node-timeout',
	'60000',
] as const;

/**
 * Three masters, without replicas.
 *
 * @param envs Further environment variables of each node.
 * @param more Further arguments of all nodes.
 */
export async function startRedisCluster(
	envs: readonly Readonly<Record<string, string>>[] = [],
	more: readonly string[] = [],
): Promise<RedisCluster> {
	const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', ...more];
	const nodes = await Promise.all(ranges.map((_, index) => startRedisProcess({args, env: envs[index] ?? {}})));
	const ask: RedisCluster['ask'] = async (node, command, ...rest) => {
		const direct = createPool({url: nodes[node]?.url ?? '', lanes: 1, deadlineMs: 3000});
		try {
			await direct.ready(30_000);
			return await direct.lanes[0]?.send(command, rest);
		} finally {
			await direct.close();
		}
	};
	for (const [index, [from, to]] of ranges.entries()) await ask(index, 'cluster', 'addslotsrange', from, to);
	for (const node of nodes.slice(1)) await ask(0, 'cluster', 'meet', node.host, node.port);
	await until(
		async () => {
			const infos = await Promise.all(nodes.map((_, index) => ask(index, 'cluster', 'info')));
			return infos.every((info) =>
				/cluster_state:ok[\s\S]*cluster_slots_ok:16384[\s\S]*cluster_known_nodes:3/.test(String(info)),
			);
		},
		'the cluster is whole',
		{everyMs: 100},
	);
	return {
		nodes,
		url: `redis+cluster://${nodes.map(({port}) => `127.0.0.1:${port}`).join(',')}`,
		ask,
		async close() {
			await Promise.all(nodes.map((node) => node.close()));
		},
	};
}
