import {ConnectionLostError, NotConnectedError, OverloadError, ServerError} from '../pool/errors.js';
import type {Argument, Lane, Pool} from '../pool/types.js';
import {LaneMoves} from './lane-moves.js';
import {Line} from './line.js';
import type {Mechanisms} from './mechanisms.js';
import {Patience} from './patience.js';
import {type Outcome, PromisedCall, type ScriptCall} from './script-call.js';
import {allScripts, type Script} from './scripts.js';
import {localNow, type ServerClock} from './server-clock.js';

/** Scripts under way on one lane: few enough that a deadline measures Redis, and not our own queue. */
const maxInFlight = 128;
const maxWaiting = 50_000;

/** What goes through one lane. */
type Gate = {
	readonly lane: Lane;
	inFlight: number;
	/** Asked for in this turn of the event loop. */
	arriving: ScriptCall[];
	/** Asked for in earlier ones. */
	readonly waiting: Line<ScriptCall>;
	readonly patience: Patience;
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
	readonly #moves = new LaneMoves<ScriptCall>();
	#routing: number;
	#released = false;
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

	/** As `start`, with a promise. */
	run(script: Script, key: string, args: readonly Argument[], always = false): Promise<Outcome> {
		return new Promise((resolve) => this.start(new PromisedCall(script, key, args, always, resolve)));
	}

	/**
	 * Scripts of one lane start in the order of their calls, when the turn of the event loop ends: their deadlines count
	 * from then, however long a burst of calls took to make. Where many are under way, a call waits for its turn.
	 */
	start(call: ScriptCall): void {
		if (this.#pool.routing !== this.#routing) this.#reroute();
		const before = this.#moves.inTheWayOf(call.key);
		if (before === undefined) this.#enqueue(call);
		else void before.then(() => this.start(call));
	}

	#enqueue(call: ScriptCall): void {
		const gate = this.#gateOf(this.#pool.laneOf(call.key));
		const {arriving, waiting} = gate;
		if (arriving.length + waiting.size >= maxWaiting) {
			call.settled(overloaded(gate));
			return;
		}
		if (arriving.length === 0) process.nextTick(endTurn, this, gate);
		arriving.push(call);
		this.#moves.started(call);
	}

	/** Whether calls with this key may have to wait for their turn. */
	isBusy(key: string): boolean {
		const gate = this.#gates.get(this.#pool.laneOf(key).id);
		return gate !== undefined && (gate.waiting.size > 0 || gate.inFlight + gate.arriving.length > this.#width);
	}

	#gateOf(lane: Lane): Gate {
		let gate = this.#gates.get(lane.id);
		if (gate === undefined) {
			gate = {lane, inFlight: 0, arriving: [], waiting: new Line(), patience: new Patience(this.#deadlineMs)};
			this.#gates.set(lane.id, gate);
		}
		return gate;
	}

	/** Keys may take other lanes from now on. What was not sent is queued anew, behind what was. */
	#reroute(): void {
		this.#routing = this.#pool.routing;
		const unsent: ScriptCall[] = [];
		for (const [id, gate] of this.#gates) {
			unsent.push(...gate.waiting.take(), ...gate.arriving);
			gate.arriving = [];
			if (gate.inFlight === 0) this.#gates.delete(id);
		}
		this.#moves.begin(unsent, (call) => this.start(call));
	}

	/** @internal For `endTurn`. */
	admit(gate: Gate): void {
		const now = localNow();
		const {arriving, waiting} = gate;
		gate.arriving = [];
		for (const call of arriving) {
			call.since = now;
			waiting.push(call);
		}
		this.#proceed(gate, now);
	}

	#proceed(gate: Gate, now: number): void {
		if (this.#pool.routing !== this.#routing) this.#reroute();
		const {waiting, patience} = gate;
		for (let call = waiting.first; call !== undefined; call = waiting.first) {
			const isUsable = call.always || this.#usable();
			const isOver = patience.isOver(call.since, now);
			if (isUsable && !isOver && gate.inFlight >= this.#width) return;
			waiting.shift();
			if (isUsable && !isOver) {
				this.#send(gate, call, now);
				continue;
			}
			this.#moves.settled(call);
			call.settled(isUsable ? overloaded(gate) : unusable());
		}
	}

	#send(gate: Gate, call: ScriptCall, now: number): void {
		gate.inFlight++;
		call.run = ++this.#runs;
		const settledAt = now + this.#deadlineMs;
		const deadline = this.#mechanisms.fencing ? this.#clock.notAfter(settledAt) : never;
		gate.lane.send('EVALSHA', [call.script.sha, '1', call.key, String(deadline), ...call.args]).then(
			(reply) => this.#answered(gate, call, reply, settledAt),
			(error: Error) => this.#failed(gate, call, error, deadline, settledAt),
		);
	}

	#answered(gate: Gate, call: ScriptCall, reply: unknown, settledAt: number): void {
		const number = Number(reply);
		const outcome: Outcome =
			number === 0 ? {done: false, certainty: 'refused', error: undefined, settledAt} : {done: true, reply: number};
		// An earlier change whose outcome is open may still be carried out after this one: nothing is final before it is.
		const open = this.#open.size === 0 ? undefined : this.#open.get(call.key);
		if (open === undefined) this.#settle(gate, call, outcome, true);
		else void open.then(() => this.#settle(gate, call, outcome, true));
	}

	async #failed(gate: Gate, call: ScriptCall, error: Error, deadline: number, settledAt: number): Promise<void> {
		if (error instanceof ServerError && error.prefix === 'NOSCRIPT' && !this.#isOvertaken(call)) {
			const {script, key, args} = call;
			gate.lane
				.send('EVAL', [script.text, '1', key, String(deadline), ...args], {
					deadlineMs: Math.max(1, settledAt - localNow()),
				})
				.then(
					(reply) => this.#answered(gate, call, reply, settledAt),
					(again: Error) => this.#fail(gate, call, again, settledAt),
				);
		} else await this.#fail(gate, call, error, settledAt);
	}

	async #fail(gate: Gate, call: ScriptCall, error: Error, settledAt: number): Promise<void> {
		if (error instanceof ConnectionLostError) await this.#until(call.key, settledAt);
		const certainty = isRefusal(error) ? 'refused' : 'unknown';
		this.#settle(gate, call, {done: false, certainty, error, settledAt}, error instanceof ServerError);
	}

	/** Sent again, a script would come after a later change of the key, and undo it. */
	#isOvertaken(call: ScriptCall): boolean {
		for (const other of this.#moves.underWay) if (other.key === call.key && other.run > call.run) return true;
		return false;
	}

	/** First tells of the outcome: a failure may put Redis out of use, and nothing more is to be sent then. */
	#settle(gate: Gate, call: ScriptCall, outcome: Outcome, isAnswer: boolean): void {
		gate.inFlight--;
		this.#moves.settled(call);
		call.settled(outcome);
		if (gate.waiting.size === 0) return;
		const now = localNow();
		if (isAnswer) gate.patience.answered(now);
		this.#proceed(gate, now);
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

	/** Redis has gone out of use: what has not been sent need not wait to hear of it. */
	letGo(): void {
		const now = localNow();
		for (const gate of [...this.#gates.values()]) this.#proceed(gate, now);
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
		`${gate.inFlight + gate.arriving.length + gate.waiting.size} writes are under way on one lane already: write less at once, or raise lanes`,
	);
	return {done: false, certainty: 'refused', error, settledAt: localNow()};
}

/** Whether the script certainly was not carried out. */
function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
