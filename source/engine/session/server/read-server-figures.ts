import {type Sender, textOf} from '../../../inspect/sender.js';
import {type ServerReading, serverReading} from '../../../tap/findings/server/server-reading.js';

const everyMs = 60_000;

/**
 * Reads the server's figures now and once a minute. A server that does not answer, or a user who may not ask, gives
 * none. Returns a function that stops it.
 */
export function readServerFigures(inspector: Sender, onFigures: (figures: ServerReading) => void): () => void {
	const read = async () => {
		const reply = await inspector.send('INFO', []).catch(() => undefined);
		const figures = reply === undefined ? undefined : serverReading(textOf(reply), performance.now());
		if (figures !== undefined) onFigures(figures);
	};
	void read();
	const timer = setInterval(() => void read(), everyMs).unref();
	return () => clearInterval(timer);
}
