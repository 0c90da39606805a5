import {ConnectionLostError, NotConnectedError, OverloadError, ServerError} from '../pool/errors.js';
import type {Argument, Pool} from '../pool/types.js';
import {LaneMoves} from './lane-moves.js';
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

/** Scripts under way on one lane: few enough that a deadline measures Redis, and not our own queue. */
const maxInFlight = 256;
const maxWaiting = 50_000;

type Waiting = {
	readonly script: Script;
	readonly key: string;
	readonly args: readonly Argument[];
	/** Whether it is to be run although Redis is out of use: to bring it back. */
	readonly always: boolean;
	/** When the turn of the event loop ended in which it was asked for. */
	since: number;
	readonly resolve: (outcome: Outcome | Promise<Outcome>) => void;
};

type Gate = {
	inFlight: number;
	/** Asked for in this turn of the event loop. */
	arriving: Waiting[];
	waiting: Waiting[];
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
	/** Scripts under way on one lane: half of what it takes, so that there is room for reads and probes. */
	readonly #width: number;
	readonly #usable: () => boolean;
	readonly #waiting = new Set<() => void>();
	/** Outcomes that are open until their deadlines, by key. */
	readonly #open = new Map<string, Promise<void>>();
	readonly #gates = new Map<number, Gate>();
	readonly #moves = new LaneMoves<Waiting>();
	#routing: number;
	#released = false;
	/** The latest script under way for each key. */
	readonly #latest = new Map<string, number>();
	#runs = 0;

	/** @param usable Whether Redis is in use. */
	constructor(pool: Pool, clock: ServerClock, mechanisms: Mechanisms, deadlineMs: number, usable: () => boolean) {
		this.#usable = usable;
		this.#routing = pool.routing;
		this.#pool = pool;
		this.#clock = clock;
		this.#mechanisms = mechanisms;
		this.#deadlineMs = deadlineMs;
		const capacity = pool.snapshot().lanes[0]?.capacity ?? 2 * maxInFlight;
		this.#width = Math.max(1, Math.min(maxInFlight, Math.floor(capacity / 2)));
	}

	/**
	 * Scripts of one lane start in the order of their calls, when the turn of the event loop ends: their deadlines count
	 * from then, however long a burst of calls took to make. Where many are under way, a call waits for its turn, at most
	 * one deadline.
	 *
	 * @param args What follows the deadline in ARGV.
	 * @param always Run it although Redis is out of use.
	 */
	run(script: Script, key: string, args: readonly Argument[], always = false): Promise<Outcome> {
		if (this.#pool.routing !== this.#routing) this.#reroute();
		const before = this.#moves.inTheWayOf(key);
		return before === undefined
			? this.#enqueue(script, key, args, always)
			: before.then(() => this.run(script, key, args, always));
	}

	#enqueue(script: Script, key: string, args: readonly Argument[], always: boolean): Promise<Outcome> {
		const lane = this.#pool.laneOf(key);
		let gate = this.#gates.get(lane.id);
		if (gate === undefined) {
			gate = {inFlight: 0, arriving: [], waiting: []};
			this.#gates.set(lane.id, gate);
		}
		const {arriving, waiting} = gate;
		if (arriving.length + waiting.length >= maxWaiting) return Promise.resolve(overloaded(gate));
		if (arriving.length === 0) process.nextTick(endTurn, this, gate);
		return new Promise((resolve) => {
			const write: Waiting = {script, key, args, always, since: 0, resolve};
			arriving.push(write);
			this.#moves.started(write);
		});
	}

	/** Keys may take other lanes from now on. What was not sent is queued anew, behind what was. */
	#reroute(): void {
		this.#routing = this.#pool.routing;
		const unsent: Waiting[] = [];
		for (const [id, gate] of this.#gates) {
			unsent.push(...gate.waiting, ...gate.arriving);
			gate.waiting = [];
			gate.arriving = [];
			if (gate.inFlight === 0) this.#gates.delete(id);
		}
		this.#moves.begin(unsent, ({script, key, args, always, resolve}) => resolve(this.run(script, key, args, always)));
	}

	/** @internal For `endTurn`. */
	admit(gate: Gate): void {
		const now = localNow();
		for (const each of gate.arriving) each.since = now;
		gate.waiting = gate.waiting.length === 0 ? gate.arriving : gate.waiting.concat(gate.arriving);
		gate.arriving = [];
		this.#proceed(gate);
	}

	async #start(gate: Gate, write: Waiting): Promise<Outcome> {
		const {script, key, args} = write;
		gate.inFlight++;
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
			// An earlier change whose outcome is open may still be carried out after this one: nothing is final before it is.
			if (this.#open.size > 0) await this.#open.get(key);
			const number = Number(reply);
			return number === 0
				? {done: false, certainty: 'refused', error: undefined, settledAt}
				: {done: true, reply: number};
		} catch (error) {
			const failure = error instanceof Error ? error : new Error(String(error));
			if (failure instanceof ConnectionLostError) await this.#until(key, settledAt);
			return {done: false, certainty: isRefusal(failure) ? 'refused' : 'unknown', error: failure, settledAt};
		} finally {
			if (this.#latest.get(key) === run) this.#latest.delete(key);
			gate.inFlight--;
			this.#moves.settled(write);
			this.#proceed(gate);
		}
	}

	#proceed(gate: Gate): void {
		if (this.#pool.routing !== this.#routing) this.#reroute();
		while (gate.inFlight < this.#width) {
			const next = gate.waiting.shift();
			if (next === undefined) return;
			const isTooLate = localNow() - next.since > this.#deadlineMs;
			if ((next.always || this.#usable()) && !isTooLate) {
				next.resolve(this.#start(gate, next));
				continue;
			}
			this.#moves.settled(next);
			next.resolve(!next.always && !this.#usable() ? unusable() : overloaded(gate));
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
			// This user may not, or the lane takes only few commands at a time: then each script is learnt at its first use, too.
			if (error instanceof OverloadError || (error instanceof ServerError && error.kind !== 'unavailable')) return;
			throw error;
		}
	}

	/** Lets waiting calls go: the cache closes. */
	release(): void {
		this.#released = true;
		for (const wake of this.#waiting) wake();
	}

	async #until(key: string, settledAt: number): Promise<void> {
		if (this.#released) return;
		const settled = new Promise<void>((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#waiting.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, Math.max(0, settledAt - localNow()));
			this.#waiting.add(wake);
		});
		this.#open.set(key, settled);
		await settled;
		if (this.#open.get(key) === settled) this.#open.delete(key);
	}
}

function endTurn(runner: ScriptRunner, gate: Gate): void {
	runner.admit(gate);
}

/** Redis went out of use while the call waited for its turn. Not an error of its own: the mode has told of it. */
function unusable(): Outcome {
	return {done: false, certainty: 'refused', error: undefined, settledAt: localNow()};
}

function overloaded(gate: Gate): Outcome {
	const error = new OverloadError(
		`${gate.inFlight + gate.arriving.length + gate.waiting.length} writes are under way on one lane already: write less at once, or raise lanes`,
	);
	return {done: false, certainty: 'refused', error, settledAt: localNow()};
}

/** Whether the script certainly was not carried out. */
function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
