/** `admission/`: reads and scripts wait in the same kind of queue until few enough are in flight. */
import {localNow} from '../clock/local-now.js';
import {Queue} from './queue.js';
import {QueueTimeout} from './queue-timeout.js';

/** Calls that are sent to Redis as one command. More calls may join it until it is sent. */
export type QueuedCommand = {
	/** Number of calls. */
	readonly size: number;
	/** The part of `maxInFlight` that it takes while it is in flight. */
	readonly weight: number;
	/** Local time at which the turn ended in which it was added. Only the queue sets it. */
	queuedAt: number;
};

export type AdmissionQueueOptions<T> = {
	/** Milliseconds in which Redis has to answer a command. */
	readonly deadlineMs: number;
	/** Weight of the commands in flight at which no further one is sent. */
	readonly maxInFlight: number;
	/** Calls that may wait. */
	readonly maxWaiting: number;
	/** True while much is in flight: then a turn lasts longer. See the class. */
	readonly isBusy: () => boolean;
	/** False: the command is rejected as unavailable instead of being sent. */
	readonly isUsable: (command: T) => boolean;
	readonly send: (command: T) => void;
	/** The command is not sent: it has waited too long, or Redis has gone out of use. */
	readonly reject: (command: T, reason: 'overloaded' | 'unavailable') => void;
};

/**
 * The queue in which commands wait for their turn: reads in one for all lanes, scripts in one for each lane. The rules are
 * the same for both:
 *
 * - Nothing is sent before the turn of the event loop ends, so that all calls of a turn can share a command. A turn ends
 *   when the callback has run; while much is in flight, when all sockets have been read, so that the calls that follow
 *   replies of several lanes share a command, too.
 * - First in, first out. While `maxInFlight` is reached, commands wait, and calls go on joining them. Few enough are in
 *   flight that a deadline measures Redis, not how long this process takes to read replies.
 * - A command that has waited too long is rejected; `QueueTimeout` says when. Its deadline starts when it is sent.
 * - Bounded: with `maxWaiting` calls in the queue, further ones have no room.
 */
export class AdmissionQueue<T extends QueuedCommand> {
	/** Weight of the commands in flight. */
	inFlight = 0;
	readonly #options: AdmissionQueueOptions<T>;
	readonly #timeout: QueueTimeout;
	/** Commands added in this turn of the event loop. */
	#arriving: T[] = [];
	readonly #waiting = new Queue<T>();
	#waitingCalls = 0;

	constructor(options: AdmissionQueueOptions<T>) {
		this.#options = options;
		this.#timeout = new QueueTimeout(options.deadlineMs);
	}

	/** Calls that have not been sent. */
	get waitingCalls(): number {
		return this.#waitingCalls;
	}

	/** False while the queue is full: `add` and `joined` must not be called then. */
	get hasRoom(): boolean {
		return this.#waitingCalls < this.#options.maxWaiting;
	}

	/** True if a command added now may have to wait. */
	get isCrowded(): boolean {
		return this.#waiting.size > 0 || this.inFlight + this.#waitingCalls > this.#options.maxInFlight;
	}

	/** Adds a command with its first call. */
	add(command: T): void {
		this.#waitingCalls += command.size;
		if (this.#arriving.length === 0) {
			if (this.#options.isBusy()) setImmediate(endTurn, this);
			else process.nextTick(endTurn, this);
		}
		this.#arriving.push(command);
	}

	/** A call has joined a command of the queue. */
	joined(): void {
		this.#waitingCalls++;
	}

	/** Weight that is no longer in flight. Call `proceed` once the callers have their outcome. */
	release(weight: number): void {
		this.inFlight -= weight;
	}

	/** Sends what may be sent now. @param isAnswered True if Redis has just answered a command of this queue. */
	proceed(isAnswered: boolean): void {
		if (this.#waiting.size === 0) return;
		const now = localNow();
		if (isAnswered) this.#timeout.answered(now);
		this.#admit(now);
	}

	/** Rejects queued commands that are no longer usable: Redis has gone out of use. */
	rejectQueued(): void {
		this.#admit(localNow());
	}

	/** Removes all commands that were not sent. */
	takeQueued(): T[] {
		const commands = [...this.#waiting.take(), ...this.#arriving];
		this.#arriving = [];
		this.#waitingCalls = 0;
		return commands;
	}

	/** @internal The turn is over: its commands queue behind those of earlier turns. */
	endTurn(): void {
		const now = localNow();
		const arriving = this.#arriving;
		this.#arriving = [];
		for (const command of arriving) {
			command.queuedAt = now;
			this.#waiting.push(command);
		}
		this.#admit(now);
	}

	#admit(now: number): void {
		const {isUsable, maxInFlight, send, reject} = this.#options;
		// Read again in each iteration: `send` and `reject` may change the queue.
		for (let command = this.#waiting.first; command !== undefined; command = this.#waiting.first) {
			const isLate = this.#timeout.isOver(command.queuedAt, now);
			const isRejected = !isUsable(command);
			if (!isRejected && !isLate && this.inFlight >= maxInFlight) return;
			this.#waiting.shift();
			this.#waitingCalls -= command.size;
			if (isRejected) reject(command, 'unavailable');
			else if (isLate) reject(command, 'overloaded');
			else {
				this.inFlight += command.weight;
				send(command);
			}
		}
	}
}

/** A named function with an argument, so that no closure is created in each turn. */
function endTurn<T extends QueuedCommand>(queue: AdmissionQueue<T>): void {
	queue.endTurn();
}
