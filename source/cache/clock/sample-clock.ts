import type {Lane, Pool} from '../../pool/types.js';
import {localNow} from './local-now.js';
import type {ServerClock} from './server-clock.js';

/** Asks the lane's server for its time and adds the reply to the clock. Rejects when the lane does. */
export async function sampleClock(clock: ServerClock, lane: Lane, topology: Pool['topology']): Promise<void> {
	const t0 = localNow();
	const reply = (await lane.send('TIME', [])) as readonly unknown[];
	const serverMicros = Number(reply[0]) * 1_000_000 + Number(reply[1]);
	if (!Number.isSafeInteger(serverMicros)) return;
	if (topology === 'cluster') clock.include(t0, serverMicros, localNow());
	else clock.sample(t0, serverMicros, localNow());
}
