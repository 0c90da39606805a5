import {ServerError} from '../../../pool/errors.js';

/** A command that this Redis user has no right to. */
export type Refusal = {
	/** The command: `INFO`, `LATENCY HISTOGRAM`. */
	readonly command: string;
	/** First word of the server's reply: `NOPERM`. */
	readonly reason: string;
};

/** Milliseconds until a refused command is tried again. Rights may be granted meanwhile, but the server logs each refusal. */
const retryMs = 60_000;

/** Sends commands that the user may have no right to, or the server may not know. A refused one is not sent for a minute. */
export class Refusals {
	readonly #refused = new Map<string, {readonly reason: string; readonly isDenied: boolean; readonly until: number}>();

	/** The commands refused for lack of rights. */
	get list(): readonly Refusal[] {
		return [...this.#refused].flatMap(([command, {reason, isDenied}]) => (isDenied ? [{command, reason}] : []));
	}

	/** @returns Undefined if the command is refused. Other errors are thrown. */
	async ask<Value>(command: string, send: () => Promise<Value>): Promise<Value | undefined> {
		const known = this.#refused.get(command);
		if (known && known.until > performance.now()) return undefined;
		try {
			const value = await send();
			this.#refused.delete(command);
			return value;
		} catch (error) {
			if (!(error instanceof ServerError) || (error.kind !== 'denied' && error.kind !== 'bug')) throw error;
			this.#refused.set(command, {
				reason: error.prefix,
				isDenied: error.kind === 'denied',
				until: performance.now() + retryMs,
			});
			return undefined;
		}
	}
}
