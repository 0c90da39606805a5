import {type Sender, textOf} from '../../../inspect/sender.js';
import {type ServerReading, serverReading} from '../../../tap/findings/server/server-reading.js';

const everyMs = 60_000;

/**
 * Reads the server's figures now and once a minute. A server that does not answer, or a user who may not ask, gives
 * none. Returns a function that stops it.
 */
export function readServerFigures(inspector: Sender, onFigures: (figures: ServerReading) => void): () => void {
	const info = async (sections: readonly string[]): Promise<string | undefined> => {
		const reply = await inspector.send('INFO', [...sections]).catch(() => undefined);
		return reply === undefined ? undefined : textOf(reply);
	};
	const read = async () => {
		// Two commands: servers before Redis 7 take one section. In a cluster, both may reach different servers.
		const [reply, commands] = await Promise.all([
			info([]),
			inspector.isCluster === true ? undefined : info(['commandstats']),
		]);
		const figures = reply === undefined ? undefined : serverReading(`${reply}\n${commands ?? ''}`, performance.now());
		if (figures !== undefined) onFigures(figures);
	};
	void read();
	const timer = setInterval(() => void read(), everyMs).unref();
	return () => clearInterval(timer);
}
