import {UnavailableError} from '../api/errors.js';
import type {WriteResult} from '../api/types.js';
import type {CacheCore} from '../core.js';
import type {Encoded} from '../entry/codec.js';
import {entryArgument} from '../entry/entry-argument.js';
import type {Namespace} from '../keys/namespace.js';
import type {ChangeClock} from '../memory/change-clock.js';
import type {MemoryEntry} from '../memory/memory-tier.js';
import type {Lifetime} from '../options/ttl-rules.js';
import type {Outcome} from '../scripts/script-call.js';
import {setScript} from '../scripts/scripts.js';
import {localNow} from '../support/server-clock.js';
import {KeyWrite, type KeyWrites} from './key-writes.js';
import {inMemory, inRedis} from './write-results.js';

/** What a `set` puts under its key. */
export type NewValue = {readonly encoded: Encoded; readonly life: Lifetime; readonly tags: readonly string[]};

/** A set from its call to its answer: on the hot path, so there is one promise, the caller's. */
export class SetWrite extends KeyWrite {
	constructor(
		writes: KeyWrites,
		private readonly core: CacheCore,
		space: Namespace,
		private readonly userKey: string,
		physical: string,
		strict: boolean,
		value: NewValue,
		/** What memory keeps of it. */
		private readonly entry: MemoryEntry | undefined,
		/** State of the change log when it began. */
		private readonly sequence: number,
		private readonly moves: ChangeClock,
		/** State of the moves when it was called. */
		private readonly begun: number,
		private readonly resolve: (result: WriteResult) => void,
		private readonly reject: (error: Error) => void,
	) {
		const args = [entryArgument('v', value.encoded, value.life, value.tags)];
		super(writes, 'set', space, physical, strict, setScript, args, value.tags);
	}

	/** Whether this process has since cleared its namespace, or invalidated one of its tags. */
	get #isCleared(): boolean {
		const {moves, tags} = this;
		if (moves.now === this.begun) return false;
		const {keys} = this.space;
		return (
			moves.changedSince(keys.markKey, this.begun) ||
			tags.some((tag) => moves.changedSince(keys.tagMark(tag), this.begun))
		);
	}

	protected told(outcome: Outcome): void {
		const {core, space, userKey: key, key: physical, entry} = this;
		if (!outcome.done && this.strict) {
			space.tier?.delete(key);
			this.reject(
				outcome.error ??
					new UnavailableError(
						`set of ${JSON.stringify(key)} reached Redis too late and was not carried out: try again`,
					),
			);
			return;
		}
		if (outcome.done && this.#isCleared) {
			// It was sent before the clear, and may have arrived after it on another lane.
			space.tier?.delete(key);
			core.dirty.noteKey(physical, localNow(), space.keys);
		} else if (outcome.done && entry !== undefined && space.tier?.holds(key, entry) === true) {
			entry.version = outcome.reply;
			entry.asOf = outcome.reply;
			if (core.changes.changedSince(physical, this.sequence)) entry.epoch = -1;
		}
		const written = outcome.done ? inRedis : inMemory;
		if (core.emitter.wants('set')) core.emitter.emit('set', {namespace: space.keys.namespace, key, ...written});
		this.resolve(written);
	}
}
