import {createServer} from 'node:net';

/** Most attempts to get a port that is low enough. About half of the ephemeral ports are below 55,536. */
const attempts = 100;

/**
 * Finds a loopback port that is free now. Another program may take it first, so the caller must be able to retry.
 *
 * @param highest The highest acceptable port.
 */
export async function freePort(highest = 65_535): Promise<number> {
	for (let attempt = 1; attempt < attempts; attempt++) {
		const port = await anyFreePort();
		if (port <= highest) return port;
	}
	throw new Error(`no port up to ${highest} is free`);
}

function anyFreePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			const port = typeof address === 'object' && address ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
}
