import type {Argument} from '../../pool/types.js';
import type {CacheCore} from '../core.js';
import type {Namespace} from '../keys/namespace.js';
import {type Outcome, ScriptCall} from '../scripts/script-call.js';
import {type Script, setScript} from '../scripts/scripts.js';
import {longestCall} from '../support/queue-timeout.js';
import {localNow} from '../support/server-clock.js';
import type {MarkWrites} from '../tags/mark-writes.js';

const noMarks: readonly string[] = [];

/** A change of one key on a caller's behalf. When it is told its outcome, that is known, or the key is dirty. */
export abstract class KeyWrite extends ScriptCall {
	readonly startedAt = localNow();
	readonly #writes: KeyWrites;

	constructor(
		writes: KeyWrites,
		readonly operation: 'set' | 'delete' | 'expire' | 'touch',
		readonly space: Namespace,
		physical: string,
		/** Leaves no trace when Redis refuses it: the caller is told of the failure. */
		readonly strict: boolean,
		script: Script,
		args: readonly Argument[],
		readonly tags: readonly string[],
	) {
		super(script, physical, args, false);
		this.#writes = writes;
	}

	/** Prolonging a life changes no value: others' changes are to be seen meanwhile. */
	get changesValue(): boolean {
		return this.operation === 'set' || this.operation === 'delete';
	}

	settled(outcome: Outcome): void {
		this.#writes.settled(this, outcome);
		this.told(outcome);
	}

	protected abstract told(outcome: Outcome): void;
}

/** Sends changes of keys, in the order of their calls, and notes those that did not reach Redis. */
export class KeyWrites {
	readonly #core: CacheCore;
	readonly #marks: MarkWrites;
	/** Writes that are not sent yet because their marks have to be made first: later ones of the same key wait for them. */
	readonly #preparing = new Map<string, Promise<void>>();

	constructor(core: CacheCore, marks: MarkWrites) {
		this.#core = core;
		this.#marks = marks;
	}

	begin(write: KeyWrite): void {
		const core = this.#core;
		if (write.changesValue) core.owned.begin(write.key);
		core.pending++;
		if (core.degradation.starting) void core.degradation.startup.then(() => this.#send(write));
		else this.#send(write);
	}

	#send(write: KeyWrite): void {
		const core = this.#core;
		const isSet = write.script === setScript;
		if (!core.connected) write.settled(unsent());
		else if (isSet && core.failures.fullUntil > write.startedAt) write.settled(unsent(core.failures.fullError));
		else {
			const before = this.#preparing.size > 0 ? this.#preparing.get(write.key) : undefined;
			const missing = isSet ? this.#marks.missing(write.space, write.tags) : noMarks;
			if (before === undefined && missing.length === 0) core.runner.start(write);
			else void this.#prepareAndSend(write, before, missing);
		}
	}

	async #prepareAndSend(write: KeyWrite, before: Promise<void> | undefined, missing: readonly string[]): Promise<void> {
		const core = this.#core;
		const prepared = Promise.all([before, ...missing.map((markKey) => this.#marks.ensure(markKey))]).then(() => {});
		const settled = prepared.catch(() => {});
		this.#preparing.set(write.key, settled);
		let problem: Error | undefined;
		try {
			await prepared;
		} catch (error) {
			problem = error instanceof Error ? error : new Error(String(error));
		}
		if (this.#preparing.get(write.key) === settled) this.#preparing.delete(write.key);
		if (problem === undefined && core.connected) core.runner.start(write);
		else write.settled(unsent(problem));
	}

	/** @internal For `KeyWrite`. */
	settled(write: KeyWrite, outcome: Outcome): void {
		const core = this.#core;
		const {key, operation, changesValue} = write;
		if (outcome.done) {
			core.degradation.success();
			if (changesValue) core.rollback.keyChanged(key);
		} else {
			if (outcome.error !== undefined) core.failed(operation, outcome.error, true, outcome.calls);
			else if (core.connected) core.counters.lateWrites++;
			// A strict write that was certainly not carried out has changed nothing, and a life not prolonged is no lie.
			if (operation !== 'touch' && !(write.strict && outcome.certainty === 'refused')) {
				const settledAt = this.#outlasting(key, outcome.settledAt, changesValue ? 1 : 0);
				core.dirty.noteKey(key, settledAt, write.space.keys);
			}
		}
		core.pending--;
		if (changesValue) core.owned.end(key);
		core.latency[operation === 'delete' ? 'delete' : 'set'].record(localNow() - write.startedAt);
	}

	/**
	 * Earlier changes of the same key may still be on their way, or, in a burst, wait for their turn: a change
	 * that was not carried out must outlast them, or they would pass for newer.
	 */
	#outlasting(physical: string, settledAt: number, mine: number): number {
		const {connected, owned, runner, settings} = this.#core;
		if (owned.count(physical) <= mine) return settledAt;
		const deadlines = connected && runner.isBusy(physical) ? longestCall : 2;
		return Math.max(settledAt, localNow() + settings.deadlineMs * deadlines);
	}
}

function unsent(error?: Error): Outcome {
	return {done: false, certainty: 'refused', error, settledAt: localNow()};
}
