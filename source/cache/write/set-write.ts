import type {Argument} from '../../pool/types.js';
import type {WriteResult} from '../api/call-types.js';
import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {Lifetime, Stamp} from '../entry/entry.js';
import type {Encoded} from '../entry/value-coder.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {Namespace} from '../keys/namespace.js';
import type {MemoryEntry} from '../memory/memory-entry.js';
import type {CallContext} from '../observe/call-context.js';
import type {Recorder} from '../observe/recorder.js';
import {setScript} from '../scripts/key-scripts.js';
import type {ScriptOutcome} from '../scripts/script-call.js';
import {KeyWrite, type NewEntry} from './key-write.js';
import {inMemory, inRedis} from './key-writer.js';

export type SetWriteParts = {
	readonly recorder: Recorder;
	readonly changes: ChangeClock;
	readonly dirtyKeys: DirtyKeys;
	/** Counts the invalidations of this process. */
	readonly ownInvalidations: ChangeClock;
};

/** A `set` with its arguments checked. */
export type CheckedSet = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly encoded: Encoded;
	readonly life: Lifetime;
	readonly tags: readonly string[];
	readonly isStrict: boolean;
};

const noArguments: readonly Argument[] = [];
export const notStamped: Stamp = {generation: 0, incarnation: 0, count: 0};

/** The write of a `set`, and the entry that it stores. */
export class SetWrite extends KeyWrite implements NewEntry {
	readonly key: string;
	readonly encoded: Encoded;
	readonly life: Lifetime;
	readonly tags: readonly string[];
	stamp = notStamped;
	/** Count of the change clock after the change. */
	sequence = 0;
	/** The entry in memory. */
	kept: MemoryEntry | undefined = undefined;
	/** Asynchronous context of the call, for its event. */
	context: CallContext | undefined = undefined;
	resolve!: (result: WriteResult) => void;
	reject!: (error: Error) => void;
	readonly #parts: SetWriteParts;
	/** Count of `ownInvalidations` when `set` was called. */
	readonly #calledAt: number;

	constructor(parts: SetWriteParts, {namespace, key, encoded, life, tags, isStrict}: CheckedSet) {
		const redisKey = namespace.redisKey(key);
		super({operation: 'set', namespace, redisKey, script: setScript, args: noArguments, isStrict});
		this.key = key;
		this.encoded = encoded;
		this.life = life;
		this.tags = tags;
		this.#parts = parts;
		this.#calledAt = parts.ownInvalidations.now;
	}

	override get entry(): NewEntry {
		return this;
	}

	protected override settle(outcome: ScriptOutcome): void {
		const {namespace, key} = this;
		if (this.isStrict && outcome.status !== 'done') {
			namespace.tier?.delete(key);
			this.reject(outcome.error ?? tooLate(key));
			return;
		}
		if (outcome.status === 'done') this.#confirm(outcome.reply);
		const result = outcome.status === 'done' ? inRedis : inMemory;
		this.#parts.recorder.written('set', namespace, key, result, this.context);
		this.resolve(result);
	}

	/** Redis has stored the entry with this version. */
	#confirm(version: number): void {
		const {namespace, key, redisKey, hash, kept, stamp} = this;
		const {changes, dirtyKeys} = this.#parts;
		if (this.#isInvalidated()) {
			// The entry may have been stamped after the invalidation, and would then wrongly count as newer.
			namespace.tier?.delete(key);
			dirtyKeys.noteKey(redisKey, localNow(), namespace);
		} else if (kept?.isHeld === true) {
			kept.version = version;
			kept.stamp = stamp;
			if (changes.changedSince(redisKey, this.sequence, hash)) kept.epoch = -1;
		}
	}

	/** True if this process has cleared the namespace, or invalidated one of the tags, since `set` was called. */
	#isInvalidated(): boolean {
		const {ownInvalidations} = this.#parts;
		const {namespace, tags} = this;
		const calledAt = this.#calledAt;
		if (ownInvalidations.now === calledAt) return false;
		return (
			ownInvalidations.changedSince(namespace.generationKey, calledAt) ||
			tags.some((tag) => ownInvalidations.changedSince(namespace.tagKey(tag), calledAt))
		);
	}
}

function tooLate(key: string): UnavailableError {
	return new UnavailableError(
		`set of ${JSON.stringify(key)} reached Redis after its deadline and was not executed: try again`,
	);
}
