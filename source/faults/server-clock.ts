import type {BreakableServer} from './breakable-server.js';
import {withClient} from './with-client.js';

/** Tolerated difference of the two clocks in milliseconds; this process's clock has a resolution of one. */
const exactMs = 2;

/**
 * Sets the clock of a server this many milliseconds ahead of the real time. If the server's time does not follow, sets its clock
 * back to the real time and rejects.
 */
export async function setClock(server: BreakableServer, offsetMs: number): Promise<void> {
	await server.setClock(offsetMs);
	try {
		const {least, most} = await readOffset(server);
		if (offsetMs < least - exactMs || offsetMs > most + exactMs)
			throw new Error(`its clock is ${Math.round(most)} ms ahead instead: libfaketime has no effect on this program`);
	} catch (error) {
		await server.setClock(0);
		throw error;
	}
}

/** Bounds of the milliseconds by which the clock of a server is ahead; they differ by the duration of the request. */
async function readOffset(server: BreakableServer): Promise<{readonly least: number; readonly most: number}> {
	return withClient(server, async (client) => {
		const before = Date.now();
		const [seconds, microseconds] = await client.time();
		const serverMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
		return {least: serverMs - Date.now(), most: serverMs - before};
	});
}
