import type {Argument, SendOptions} from '../pool/types.js';

/** Whatever can send one command: a lane or a checkout of the pool. */
export type Sender = {
	send(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown>;
};

/** A reply that is text, whether the connection delivers it as bytes or as a string. */
export function textOf(reply: unknown): string {
	return Buffer.isBuffer(reply) ? reply.toString('utf8') : String(reply ?? '');
}

/** A reply that is a number; RESP2 scores and RESP3 big numbers included. `undefined` for anything else. */
export function numberOf(reply: unknown): number | undefined {
	if (reply === null || reply === undefined || reply instanceof Error) return undefined;
	const number = Number(Buffer.isBuffer(reply) ? reply.toString('latin1') : reply);
	return Number.isNaN(number) ? undefined : number;
}

export function bytesOf(reply: unknown): Buffer {
	return Buffer.isBuffer(reply) ? reply : Buffer.from(String(reply ?? ''));
}

/** A reply that is a list. RESP3 sets and maps become flat lists, as RESP2 has them. */
export function listOf(reply: unknown): readonly unknown[] {
	if (Array.isArray(reply)) return reply;
	if (reply instanceof Set) return [...reply];
	if (reply instanceof Map) return [...reply].flat();
	if (reply && typeof reply === 'object' && !Buffer.isBuffer(reply)) return Object.entries(reply).flat();
	return [];
}
