import {ConnectionLostError, NotConnectedError, OverloadError, ServerError} from '../pool/errors.js';
import type {Argument, Pool} from '../pool/types.js';
import type {Mechanisms} from './mechanisms.js';
import {allScripts, type Script} from './scripts.js';
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
	/** The latest script under way for each key. */
	readonly #latest = new Map<string, number>();
	#runs = 0;

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
		const run = ++this.#runs;
		this.#latest.set(key, run);
		try {
			let reply: unknown;
			try {
				reply = await lane.send('EVALSHA', [script.sha, 1, key, deadline, ...args]);
			} catch (error) {
				// Sent again it would come after a later change of the key, and undo it.
				if (!(error instanceof ServerError && error.prefix === 'NOSCRIPT') || this.#latest.get(key) !== run)
					throw error;
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
			return {done: false, certainty: isRefusal(failure) ? 'refused' : 'unknown', error: failure, settledAt};
		} finally {
			if (this.#latest.get(key) === run) this.#latest.delete(key);
		}
	}

	/**
	 * Makes Redis know every script, so that none has to be sent twice: in the meantime a later change of the same key would
	 * overtake it. In a cluster each node learns a script at its first use.
	 */
	async prepare(): Promise<void> {
		const lane = this.#pool.lanes[0];
		if (lane === undefined || this.#pool.topology === 'cluster') return;
		try {
			await Promise.all(allScripts.map(({text}) => lane.send('SCRIPT', ['LOAD', text])));
		} catch (error) {
			// This user may not: then each script is learnt at its first use, too.
			if (!(error instanceof ServerError && error.kind === 'denied')) throw error;
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

/** Whether the script certainly was not carried out. */
function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
