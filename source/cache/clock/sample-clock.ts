import {malformedReply} from '../../pool/commands/reply-error.js';
import type {Lane} from '../../pool/types.js';
import {localNow} from './local-now.js';
import type {ServerClocks} from './server-clocks.js';

/** Asks the lane's server for its time and adds the reply to its clock. Rejects when the lane does. */
export async function sampleClock(clocks: ServerClocks, lane: Lane): Promise<void> {
	const t0 = localNow();
	const reply = await lane.send('TIME', [], {isUpkeep: true});
	const [seconds, micros] = Array.isArray(reply) && reply.length === 2 ? reply.map(toNumber) : [];
	const serverMicros = Number(seconds) * 1_000_000 + Number(micros);
	if (!Number.isSafeInteger(serverMicros)) throw malformedReply('TIME was not answered with two numbers');
	clocks.ofLane(lane).sample(t0, serverMicros, localNow());
}

function toNumber(reply: unknown): number {
	return reply instanceof Uint8Array ? Number(reply.toString()) : Number.NaN;
}
