import {DeadlineError, OverloadError, ServerError} from '../../pool/errors.js';
import type {MutableCounters} from '../observe/counters.js';
import type {CacheEmitter} from '../observe/events.js';
import {localNow} from '../support/server-clock.js';

/** How long writes of values are not tried after Redis said that it is full. */
const fullMs = 250;
const sayAgainMs = 1000;

/** What Redis, or the way to it, did wrong: counted once, however many calls failed with it, and told. */
export class Failures {
	/** Local time until when writes of values are not tried. */
	fullUntil = 0;
	/** What Redis said when it was last found to be full. */
	fullError: Error | undefined;
	readonly #counters: MutableCounters;
	readonly #emitter: CacheEmitter;
	readonly #counted = new WeakSet<Error>();
	#sheddingSaidAt = Number.NEGATIVE_INFINITY;

	constructor(counters: MutableCounters, emitter: CacheEmitter) {
		this.#counters = counters;
		this.#emitter = emitter;
	}

	/** @returns Whether it is a new one. */
	note(error: Error): boolean {
		if (this.#counted.has(error)) return false;
		this.#counted.add(error);
		if (error instanceof DeadlineError) this.#counters.timeouts++;
		else if (error instanceof OverloadError) this.#counters.shed++;
		else this.#counters.errors++;
		if (error instanceof ServerError && error.kind === 'full') {
			this.fullUntil = localNow() + fullMs;
			this.fullError = error;
		}
		return true;
	}

	/** A burst sheds thousands of calls: said once a second, counted each time. */
	tell(operation: string, error: Error): void {
		if (error instanceof OverloadError) {
			const now = localNow();
			if (now - this.#sheddingSaidAt < sayAgainMs) return;
			this.#sheddingSaidAt = now;
		}
		if (this.#emitter.wants('error')) this.#emitter.emit('error', {operation, error});
	}
}
