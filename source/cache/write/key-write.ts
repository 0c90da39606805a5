import {hashKey} from '../../pool/key-hash.js';
import type {Argument} from '../../pool/types.js';
import type {Lifetime, Stamp} from '../entry/entry.js';
import type {Encoded} from '../entry/value-coder.js';
import type {Namespace} from '../keys/namespace.js';
import type {Script} from '../scripts/script.js';
import {ScriptCall, type ScriptOutcome} from '../scripts/script-call.js';

/** A value to be stored. Its markers have to exist before. */
export type NewEntry = {
	readonly encoded: Encoded;
	readonly life: Lifetime;
	readonly tags: readonly string[];
	/** Which invalidations it is newer than; known once it has been sent. */
	stamp: Stamp;
};

export type KeyWriteFields = {
	readonly operation: 'set' | 'delete' | 'expire' | 'touch';
	/** True for a `delete` that leaves a stale value. */
	readonly isSoft?: boolean;
	readonly namespace: Namespace;
	readonly redisKey: string;
	readonly script: Script;
	/** The arguments of the script. Of one that stores an entry they are known when it is sent. */
	readonly args: readonly Argument[];
	/** True if the call rejects when the write was refused: it has changed nothing then. */
	readonly isStrict: boolean;
};

/** Called with the outcome of a write before its call settles. */
export type WriteObserver = {onWritten(write: KeyWrite, outcome: ScriptOutcome): void};

/**
 * A change of one key on behalf of a call. All that belongs to the change is in this one object, from the call to its outcome:
 * with many callers it is the memory that a write takes, and not its work, that limits their number.
 */
export abstract class KeyWrite extends ScriptCall {
	readonly operation: KeyWriteFields['operation'];
	readonly namespace: Namespace;
	readonly isStrict: boolean;
	/** False for what keeps the value, as `expire` does: changes by other processes must be seen meanwhile. */
	readonly changesValue: boolean;
	/** True if it is remembered in case Redis goes back in time. */
	readonly isRemembered: boolean;
	/** Hash of its key, which several parts need. */
	readonly hash: number;
	/** Local time of the call. */
	startedAt = 0;
	/** Set when it is written. */
	observer: WriteObserver | undefined = undefined;

	constructor({operation, isSoft = false, namespace, redisKey, script, args, isStrict}: KeyWriteFields) {
		super(script, redisKey, args);
		this.operation = operation;
		this.namespace = namespace;
		this.hash = hashKey(redisKey);
		this.isStrict = isStrict;
		this.changesValue = operation === 'set' || (operation === 'delete' && !isSoft);
		this.isRemembered = this.changesValue || isSoft;
	}

	/** The entry that a `set` stores. */
	get entry(): NewEntry | undefined {
		return undefined;
	}

	override onOutcome(outcome: ScriptOutcome): void {
		this.observer?.onWritten(this, outcome);
		this.settle(outcome);
	}

	/** Called once, when the outcome is known or the key is dirty. Must not throw. */
	protected abstract settle(outcome: ScriptOutcome): void;
}

/** A write that calls back. */
export class KeyChange extends KeyWrite {
	readonly #onOutcome: (outcome: ScriptOutcome) => void;

	/** @param onOutcome Called once, when the outcome is known or the key is dirty. Must not throw. */
	constructor(fields: KeyWriteFields, onOutcome: (outcome: ScriptOutcome) => void) {
		super(fields);
		this.#onOutcome = onOutcome;
	}

	protected override settle(outcome: ScriptOutcome): void {
		this.#onOutcome(outcome);
	}
}
