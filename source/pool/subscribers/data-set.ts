import type {Argument} from '../types.js';

/**
 * Identifies the data that a server has, by the id of its process and of its replication history. The id of the process alone
 * is not enough: a server that becomes a replica keeps its `run_id`, but replaces its data.
 */
export async function dataSetOf(
	send: (command: string, args: readonly Argument[]) => Promise<unknown>,
): Promise<string> {
	const [server, replication] = await Promise.all([send('INFO', ['server']), send('INFO', ['replication'])]);
	const runId = /run_id:(\w+)/.exec(String(server))?.[1] ?? '';
	return `${runId} ${/master_replid:(\w+)/.exec(String(replication))?.[1] ?? ''}`;
}
