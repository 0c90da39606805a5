import type {Argument, SendOptions} from '../pool/types.js';

/** An object that sends commands: a lane or a checkout of the pool, or the inspector of a cluster. */
export type Sender = {
	/** True for a cluster: a command without a key is executed on only one of its servers. */
	readonly isCluster?: boolean;
	/** Addresses of the masters of a cluster that do not answer now. Scans and sums do not include them. */
	readonly missingNodes?: readonly string[];
	send(command: string, args: readonly Argument[], options?: SendScriptOptions): Promise<unknown>;
};

/** Calls of one command by a script. `misses`: number of calls that looked up a key and found none. */
export type ScriptCalls = {readonly command: string; readonly calls: number; readonly misses: number};

export type SendScriptOptions = SendOptions & {
	/**
	 * Returns the commands that a script has called, derived from its reply, since the server's statistics include them. A
	 * counting sender counts them together with the reply, so that they are assigned to the right span.
	 */
	readonly callsOf?: (reply: unknown) => readonly ScriptCalls[];
};

/** The masters of a cluster that a scan has left out because they do not answer; absent if there are none. */
export type Missing = {readonly missing?: readonly string[]};

/** The field of a result that lists the missing masters. */
export const missingIn = ({missingNodes = []}: Sender): Missing =>
	missingNodes.length > 0 ? {missing: missingNodes} : {};

/** The same in words, to be appended to a sentence; empty if nothing is missing. */
export const missingWords = ({missingNodes = []}: Sender): string =>
	missingNodes.length === 0 ? '' : `, without those of ${missingNodes.join(' and ')}, which did not answer`;

/** A text reply, whether the connection delivers it as bytes or as a string. */
export function textOf(reply: unknown): string {
	return Buffer.isBuffer(reply) ? reply.toString('utf8') : String(reply ?? '');
}

/** A numeric reply, including RESP2 scores and RESP3 big numbers. `undefined` for anything else. */
export function numberOf(reply: unknown): number | undefined {
	if (reply === null || reply === undefined || reply instanceof Error) return undefined;
	const number = Number(Buffer.isBuffer(reply) ? reply.toString('latin1') : reply);
	return Number.isNaN(number) ? undefined : number;
}

/** A reply as bytes. */
export function bytesOf(reply: unknown): Buffer {
	return Buffer.isBuffer(reply) ? reply : Buffer.from(String(reply ?? ''));
}

/** A list reply. RESP3 sets and maps become flat lists, as in RESP2. */
export function listOf(reply: unknown): readonly unknown[] {
	if (Array.isArray(reply)) return reply;
	if (reply instanceof Set) return [...reply];
	if (reply instanceof Map) return [...reply].flat();
	if (reply && typeof reply === 'object' && !Buffer.isBuffer(reply)) return Object.entries(reply).flat();
	return [];
}
