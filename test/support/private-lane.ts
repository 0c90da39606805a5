import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Lane} from '../../source/pool/types.js';
import {patienceMs} from './until.js';

export type PrivateLane = {
	readonly lane: Lane;
	readonly url: string;
	/** Sends a command line, split at spaces. */
	send(line: string): Promise<unknown>;
	close(): Promise<void>;
};

/** A lane to a private Redis. */
export async function openPrivateLane(prefer: 'auto' | 'built-in' = 'auto'): Promise<PrivateLane> {
	const server = await startPrivateRedis({prefer});
	const {url} = server;
	const pool = createPool({
		url,
		lanes: 1,
		capacity: 20_000,
		deadlineMs: patienceMs,
		connectMs: patienceMs,
	});
	await pool.ready(patienceMs);
	const [lane] = pool.lanes;
	if (!lane) throw new Error('the pool has no lane');
	return {
		lane,
		url,
		send(line) {
			const [command = '', ...args] = line.split(' ');
			return lane.send(command, args);
		},
		async close() {
			await pool.close();
			await server.close();
		},
	};
}
