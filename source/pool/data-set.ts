import type {Argument} from './types.js';

/** The process, and whose data it has: a server that follows another for a while keeps its run_id, and loses its own data. */
export async function dataSetOf(
	send: (command: string, args: readonly Argument[]) => Promise<unknown>,
): Promise<string> {
	const [server, replication] = await Promise.all([send('INFO', ['server']), send('INFO', ['replication'])]);
	const runId = /run_id:(\w+)/.exec(String(server))?.[1] ?? '';
	return `${runId} ${/master_replid:(\w+)/.exec(String(replication))?.[1] ?? ''}`;
}
