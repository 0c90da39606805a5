import {ConnectionLostError, DeadlineError, ServerError} from '../pool/errors.js';
import type {Argument, Pool} from '../pool/types.js';
import type {Mechanisms} from './mechanisms.js';
import type {Script} from './scripts.js';
import {localNow, type ServerClock} from './server-clock.js';

/** What became of a script. */
export type Outcome =
	| {readonly done: true; readonly reply: number}
	/** `unknown`: it may have been carried out, or may be until `settledAt`. `refused`: it certainly was not. */
	| {
			readonly done: false;
			readonly certainty: 'unknown' | 'refused';
			readonly error: Error | undefined;
			readonly settledAt: number;
	  };

/** The server's clock never reaches this. */
const never = Number.MAX_SAFE_INTEGER;

/**
 * Runs write scripts so that each either has a known outcome, or an outcome that is final once its call has settled:
 * an unknown one is not reported before the deadline after which the script does nothing.
 */
export class ScriptRunner {
	readonly #pool: Pool;
	readonly #clock: ServerClock;
	readonly #mechanisms: Mechanisms;
	readonly #deadlineMs: number;
	readonly #waiting = new Set<() => void>();

	constructor(pool: Pool, clock: ServerClock, mechanisms: Mechanisms, deadlineMs: number) {
		this.#pool = pool;
		this.#clock = clock;
		this.#mechanisms = mechanisms;
		this.#deadlineMs = deadlineMs;
	}

	/** @param args What follows the deadline in ARGV. */
	async run(script: Script, key: string, args: readonly Argument[]): Promise<Outcome> {
		const settledAt = localNow() + this.#deadlineMs;
		const deadline = this.#mechanisms.fencing ? this.#clock.notAfter(settledAt) : never;
		const lane = this.#pool.laneOf(key);
		try {
			let reply: unknown;
			try {
				reply = await lane.send('EVALSHA', [script.sha, 1, key, deadline, ...args]);
			} catch (error) {
				if (!(error instanceof ServerError && error.prefix === 'NOSCRIPT')) throw error;
				reply = await lane.send('EVAL', [script.text, 1, key, deadline, ...args], {
					deadlineMs: Math.max(1, settledAt - localNow()),
				});
			}
			const number = Number(reply);
			return number === 0
				? {done: false, certainty: 'refused', error: undefined, settledAt}
				: {done: true, reply: number};
		} catch (error) {
			const failure = error instanceof Error ? error : new Error(String(error));
			if (failure instanceof ConnectionLostError) await this.#until(settledAt);
			const unknown = failure instanceof ConnectionLostError || failure instanceof DeadlineError;
			return {done: false, certainty: unknown ? 'unknown' : 'refused', error: failure, settledAt};
		}
	}

	/** Lets waiting calls go: the cache closes. */
	release(): void {
		for (const wake of this.#waiting) wake();
	}

	#until(settledAt: number): Promise<void> {
		return new Promise((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#waiting.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, Math.max(0, settledAt - localNow()));
			this.#waiting.add(wake);
		});
	}
}
