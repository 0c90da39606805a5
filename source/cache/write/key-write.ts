import {hashKey} from '../../pool/key-hash.js';
import type {Argument} from '../../pool/types.js';
import type {Lifetime, Stamp} from '../entry/entry.js';
import type {Encoded} from '../entry/value-coder.js';
import type {Namespace} from '../keys/namespace.js';
import type {Script} from '../scripts/script.js';
import {ScriptCall, type ScriptOutcome} from '../scripts/script-call.js';

/** A value to be stored. Its markers must exist before. */
export type NewEntry = {
	readonly encoded: Encoded;
	readonly life: Lifetime;
	readonly tags: readonly string[];
	/** The state of the markers that the value is newer than; known once the write was sent. */
	stamp: Stamp;
};

export type KeyWriteFields = {
	readonly operation: 'set' | 'delete' | 'expire' | 'touch';
	/** True for a `delete` that leaves a stale value. */
	readonly isSoft?: boolean;
	readonly namespace: Namespace;
	readonly redisKey: string;
	readonly script: Script;
	/** The arguments of the script. Those that store an entry are known only when it is sent. */
	readonly args: readonly Argument[];
	/** True if the call rejects when the write was refused, in which case it has changed nothing. */
	readonly isStrict: boolean;
};

/** Called with the outcome of a write before its call settles. */
export type WriteObserver = {onWritten(write: KeyWrite, outcome: ScriptOutcome): void};

/**
 * A change of one key by a call. A single object holds its state from the call to the outcome: with many callers, the memory
 * that a write allocates limits the throughput more than its work.
 */
export abstract class KeyWrite extends ScriptCall {
	readonly operation: KeyWriteFields['operation'];
	readonly namespace: Namespace;
	readonly isStrict: boolean;
	/** False for changes that keep the value, such as `expire`: meanwhile changes by other processes must stay visible. */
	readonly changesValue: boolean;
	/** True if the change is remembered by the rollback detector. */
	readonly isRemembered: boolean;
	/** Hash of its key, computed once for several parts. */
	readonly hash: number;
	/** Local time of the call. */
	startedAt = 0;
	/** Set when the write is sent. */
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

/** A write that settles by a callback. */
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
