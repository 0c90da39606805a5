import type {Argument} from '../../pool/types.js';
import type {Queued} from '../admission/admission-queue.js';
import {localNow} from '../clock/local-now.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import type {Script} from './script.js';

/** The outcome of a script for one key. */
export type ScriptOutcome = ScriptDone | ScriptFailed;

export type ScriptDone = {
	readonly status: 'done';
	readonly reply: number;
	/** Further values that the script has returned after the number. */
	readonly more: readonly unknown[];
	/** Local time at which the reply was read. */
	readonly at: number;
};

export type ScriptFailed = {
	/** `refused`: it was certainly not executed. `in-doubt`: it may have been, or may still be until `finalAt`. */
	readonly status: 'refused' | 'in-doubt';
	/** `undefined` if the script reached Redis after its deadline, or Redis is out of use. */
	readonly error: Error | undefined;
	/** Local time from which the script can no longer take effect. */
	readonly finalAt: number;
	/** Number of calls that failed with this error, since they were sent in one command or pipeline. */
	readonly calls: number;
};

/** When a script may run: while Redis is in use, or always, to bring Redis back into use. */
export type ScriptUse = 'in-use' | 'always';

const noKeys: readonly string[] = [];

/** One execution of a script for one key. Its outcome is reported exactly once. */
export abstract class ScriptCall implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** Sequence number in the order of sending; 0 if not sent. */
	sentAs = 0;
	/** Id of the lane on which it was sent last. */
	sentOn = -1;
	use: ScriptUse = 'in-use';

	/**
	 * Further keys, in the same slot of a cluster: those of a script whose keys all belong to one call, or the one key that the
	 * calls of a command share.
	 */
	moreKeys: readonly string[] = noKeys;
	#bytes = -1;

	constructor(
		readonly script: Script,
		readonly redisKey: string,
		/** The arguments for its key, which follow the deadline. Not read before the call is sent. */
		public args: readonly Argument[],
	) {}

	/** Must not throw. */
	abstract onOutcome(outcome: ScriptOutcome): void;

	get size(): number {
		return 1;
	}

	/** Length of its arguments, in characters or bytes. Read only once the arguments are final. */
	get bytes(): number {
		if (this.#bytes < 0) this.#bytes = lengthOf(this.args);
		return this.#bytes;
	}
}

/** A script whose outcome settles a promise. */
export class PromisedCall extends ScriptCall {
	readonly #resolve: (outcome: ScriptOutcome) => void;

	constructor(script: Script, redisKey: string, args: readonly Argument[], resolve: (outcome: ScriptOutcome) => void) {
		super(script, redisKey, args);
		this.#resolve = resolve;
	}

	override onOutcome(outcome: ScriptOutcome): void {
		this.#resolve(outcome);
	}
}

function lengthOf(args: readonly Argument[]): number {
	let length = 0;
	for (const arg of args) length += typeof arg === 'number' ? 16 : arg.length;
	return length;
}

/**
 * The outcome of a call that was not sent. @param error Default: none, because Redis is out of use, which the mode has
 * reported.
 */
export function notSent(error?: Error): ScriptFailed {
	return {status: 'refused', error, finalAt: localNow(), calls: 1};
}
