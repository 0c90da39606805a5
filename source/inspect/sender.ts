import type {Argument, SendOptions} from '../pool/types.js';

/** Sends one command: a lane or a checkout of the pool, or the inspector of a cluster. */
export type Sender = {
	/** True for a cluster: a command without a key reaches one of its servers. */
	readonly isCluster?: boolean;
	/** Masters of a cluster that do not answer now, by their address: scans and sums are without them. */
	readonly missingNodes?: readonly string[];
	send(command: string, args: readonly Argument[], options?: SendScriptOptions): Promise<unknown>;
};

/** A command that a script has called some times. If it looks up keys, `misses` of its calls found none. */
export type ScriptCalls = {readonly command: string; readonly calls: number; readonly misses: number};

export type SendScriptOptions = SendOptions & {
	/**
	 * The commands that the script has called, from its reply, since the server's statistics count them, too. A counting
	 * sender reads them with the reply: later, they would count as called after an INFO that was answered in between.
	 */
	readonly callsOf?: (reply: unknown) => readonly ScriptCalls[];
};

/** The part that a scan leaves out: the masters of a cluster that do not answer, if there are any. */
export type Missing = {readonly missing?: readonly string[]};

/** The part of a result that lists what is missing in it. */
export const missingIn = ({missingNodes = []}: Sender): Missing =>
	missingNodes.length > 0 ? {missing: missingNodes} : {};

/** The same in words, to be added to a sentence; empty if nothing is missing. */
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
