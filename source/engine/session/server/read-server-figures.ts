import {textOf} from '../../../inspect/sender.js';
import type {ServerNode} from '../../../inspect/server/info/read-node.js';
import {type ServerReading, serverReading} from '../../../tap/findings/server/server-reading.js';

const everyMs = 60_000;

/**
 * Reads the statistics of the server, or of each master of a cluster, now and once a minute. If the server does not answer, or
 * the user lacks the right to call INFO, there are none. Returns a function that stops it.
 */
export function readServerFigures(
	nodes: () => Promise<readonly ServerNode[]>,
	onFigures: (figures: ServerReading) => void,
): () => void {
	const read = async ({address, sender}: ServerNode) => {
		const info = async (sections: readonly string[]): Promise<string | undefined> => {
			const reply = await sender.send('INFO', [...sections]).catch(() => undefined);
			return reply === undefined ? undefined : textOf(reply);
		};
		// Two commands, since INFO before Redis 7 accepts only one section. The time of scripts is read only from a single
		// server, with whose traffic it is compared.
		const [reply, commands] = await Promise.all([info([]), address === undefined ? info(['commandstats']) : undefined]);
		const figures = reply === undefined ? undefined : serverReading(`${reply}\n${commands ?? ''}`, performance.now());
		if (figures !== undefined) onFigures({...figures, ...(address !== undefined && {node: address})});
	};
	const readAll = async () => {
		const all = await nodes().catch(() => []);
		await Promise.all(all.map(read));
	};
	void readAll();
	const timer = setInterval(() => void readAll(), everyMs).unref();
	return () => clearInterval(timer);
}
