import {ConnectionLostError, OverloadError, ServerError} from '../../pool/errors.js';
import type {Argument, Lane, Pool} from '../../pool/types.js';
import type {SafetySwitches} from '../outage/safety-switches.js';
import {localNow, type ServerClock} from '../support/server-clock.js';
import {InDoubtWrites} from './in-doubt-writes.js';
import {LaneQueue} from './lane-queue.js';
import {RoutingBarrier} from './routing-barrier.js';
import {type Outcome, PromisedCall, type ScriptCall} from './script-call.js';
import {isRefusal, outcomeOf, overloaded, unusable} from './script-outcomes.js';
import {repliesOf} from './script-replies.js';
import {allScripts, type Script} from './scripts.js';

/** Calls under way on one lane: few enough that a deadline measures Redis, and not our own queue. */
const maxInFlight = 256;
/** Calls that go as one command: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxTogether = 64;
const maxWaiting = 50_000;
/**
 * With this many calls under way, a turn lasts until all sockets have been read, and not only until the end of the callback:
 * what comes after the answers of several lanes then makes one command for each lane instead of one for each pair of lanes.
 */
const busy = 4;

/** The server's clock never reaches this. */
const never = Number.MAX_SAFE_INTEGER;

/** Calls that were sent as one command. */
type Sent = {
	readonly gate: LaneQueue;
	readonly calls: readonly ScriptCall[];
	/** Server time after which the script does nothing. */
	readonly deadline: number;
	/** Local time at which that has certainly passed. */
	readonly settledAt: number;
};

/**
 * Runs write scripts so that each either has a known outcome, or an outcome that is final once its call has settled:
 * an unknown one is not reported before the deadline after which the script does nothing.
 */
export class ScriptRunner {
	readonly #pool: Pool;
	readonly #clock: ServerClock;
	readonly #mechanisms: SafetySwitches;
	readonly #deadlineMs: number;
	/** Calls under way on one lane: half of what it takes, so that there is room for reads and probes. */
	readonly #width: number;
	readonly #usable: () => boolean;
	readonly #unsettled = new InDoubtWrites();
	readonly #gates = new Map<number, LaneQueue>();
	readonly #moves = new RoutingBarrier<ScriptCall>();
	/** In a cluster, behind a proxy that shards, or where a user may touch some keys only, a script takes one key. */
	#together: number;
	#routing: number;
	#runs = 0;

	/** @param usable Whether Redis is in use. */
	constructor(pool: Pool, clock: ServerClock, mechanisms: SafetySwitches, deadlineMs: number, usable: () => boolean) {
		this.#usable = usable;
		this.#routing = pool.routing;
		this.#pool = pool;
		this.#clock = clock;
		this.#mechanisms = mechanisms;
		this.#deadlineMs = deadlineMs;
		this.#together = pool.topology === 'cluster' ? 1 : maxTogether;
		const capacity = pool.snapshot().lanes[0]?.capacity ?? 2 * maxInFlight;
		this.#width = Math.max(1, Math.min(maxInFlight, Math.floor(capacity / 2)));
	}

	/** As `start`, with a promise. */
	run(script: Script, key: string, args: readonly Argument[], always = false): Promise<Outcome> {
		return new Promise((resolve) => this.start(new PromisedCall(script, key, args, always, resolve)));
	}

	/**
	 * Calls of one lane go in their order, when the turn of the event loop ends: their deadlines count from then, however
	 * long a burst of calls took to make. Where many are under way, a call waits for its turn.
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
		if (arriving.length === 0) {
			if (this.#moves.underWay.size < busy) process.nextTick(endTurn, this, gate);
			else setImmediate(endTurn, this, gate);
		}
		arriving.push(call);
		this.#moves.started(call);
	}

	/** Whether calls with this key may have to wait for their turn. */
	isBusy(key: string): boolean {
		const gate = this.#gates.get(this.#pool.laneOf(key).id);
		return gate !== undefined && (gate.waiting.size > 0 || gate.inFlight + gate.arriving.length > this.#width);
	}

	#gateOf(lane: Lane): LaneQueue {
		let gate = this.#gates.get(lane.id);
		if (gate === undefined) {
			gate = new LaneQueue(lane, this.#deadlineMs);
			this.#gates.set(lane.id, gate);
		}
		return gate;
	}

	/** Keys may take other lanes from now on. What was not sent is queued anew, behind what was. */
	#reroute(): void {
		this.#routing = this.#pool.routing;
		const unsent: ScriptCall[] = [];
		for (const [id, gate] of this.#gates) {
			unsent.push(...gate.take());
			if (gate.inFlight === 0) this.#gates.delete(id);
		}
		this.#moves.begin(unsent, (call) => this.start(call));
	}

	/** @internal For `endTurn`. */
	admit(gate: LaneQueue): void {
		const now = localNow();
		gate.endTurn(now);
		this.#proceed(gate, now);
	}

	#proceed(gate: LaneQueue, now: number): void {
		if (this.#pool.routing !== this.#routing) this.#reroute();
		const {waiting, patience} = gate;
		for (let call = waiting.first; call !== undefined; call = waiting.first) {
			const isUsable = call.always || this.#usable();
			if (isUsable && !patience.isOver(call.since, now)) {
				const room = this.#width - gate.inFlight;
				if (room <= 0) return;
				this.#send(gate, gate.shift(Math.min(room, this.#together), now), now);
			} else {
				waiting.shift();
				this.#moves.settled(call);
				call.settled(isUsable ? overloaded(gate) : unusable());
			}
		}
	}

	#send(gate: LaneQueue, calls: readonly ScriptCall[], now: number): void {
		gate.inFlight += calls.length;
		for (const call of calls) call.run = ++this.#runs;
		const settledAt = now + this.#deadlineMs;
		const deadline = this.#mechanisms.fencing ? this.#clock.notAfter(settledAt) : never;
		const sent: Sent = {gate, calls, deadline, settledAt};
		gate.lane.send('EVALSHA', argumentsOf(sent, 'sha')).then(
			(reply) => this.#answered(sent, reply),
			(error: Error) => this.#failed(sent, error),
		);
	}

	#answered(sent: Sent, reply: unknown): void {
		const {calls, settledAt} = sent;
		const replies = repliesOf(reply, calls.length);
		// An earlier change whose outcome is open may still be carried out after this one: nothing is final before it is.
		let late = 0;
		for (const [index, call] of calls.entries()) {
			const outcome = outcomeOf(replies[index], settledAt);
			const open = this.#unsettled.of(call.key);
			if (open === undefined) this.#settle(sent.gate, call, outcome);
			else {
				late++;
				void open.then(() => {
					this.#settle(sent.gate, call, outcome);
					this.#goOn(sent.gate, true);
				});
			}
		}
		if (late < calls.length) this.#goOn(sent.gate, true);
	}

	async #failed(sent: Sent, error: Error): Promise<void> {
		const {gate, calls, settledAt} = sent;
		if (error instanceof ServerError && !this.#isOvertaken(calls)) {
			const again = {deadlineMs: Math.max(1, settledAt - localNow())};
			if (error.prefix === 'NOSCRIPT') {
				gate.lane.send('EVAL', argumentsOf(sent, 'text'), again).then(
					(reply) => this.#answered(sent, reply),
					(failure: Error) => this.#fail(sent, failure),
				);
				return;
			}
			// One key that this user may not touch has all of them refused.
			if ((error.prefix === 'CROSSSLOT' || error.prefix === 'NOPERM') && calls.length > 1) {
				this.#together = 1;
				for (const call of calls) {
					const alone: Sent = {...sent, calls: [call]};
					gate.lane.send('EVALSHA', argumentsOf(alone, 'sha'), again).then(
						(reply) => this.#answered(alone, reply),
						(failure: Error) => this.#failed(alone, failure),
					);
				}
				return;
			}
		}
		await this.#fail(sent, error);
	}

	async #fail({gate, calls, settledAt}: Sent, error: Error): Promise<void> {
		if (error instanceof ConnectionLostError)
			await this.#unsettled.wait(
				calls.map(({key}) => key),
				settledAt,
			);
		const certainty = isRefusal(error) ? 'refused' : 'unknown';
		for (const call of calls) this.#settle(gate, call, {done: false, certainty, error, settledAt, calls: calls.length});
		this.#goOn(gate, error instanceof ServerError);
	}

	/** Sent again, they would come after a later change of one of their keys, and undo it. */
	#isOvertaken(calls: readonly ScriptCall[]): boolean {
		const last = calls.at(-1)?.run ?? 0;
		for (const other of this.#moves.underWay) {
			if (other.run > last && calls.some(({key}) => key === other.key)) return true;
		}
		return false;
	}

	#settle(gate: LaneQueue, call: ScriptCall, outcome: Outcome): void {
		gate.inFlight--;
		this.#moves.settled(call);
		call.settled(outcome);
	}

	/** After outcomes have been told: a failure may put Redis out of use, and nothing more is to be sent then. */
	#goOn(gate: LaneQueue, isAnswer: boolean): void {
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
		this.#unsettled.release();
	}
}

function endTurn(runner: ScriptRunner, gate: LaneQueue): void {
	runner.admit(gate);
}

/** Of a script with the same number of arguments for each key. */
function argumentsOf({calls, deadline}: Sent, by: 'sha' | 'text'): Argument[] {
	const args: Argument[] = [calls[0]?.script[by] ?? '', String(calls.length)];
	for (const call of calls) args.push(call.key);
	args.push(String(deadline));
	for (const call of calls) for (const arg of call.args) args.push(arg);
	return args;
}
