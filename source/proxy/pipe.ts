import {freePipe, type LimitRule, type PipeRules} from './link-rules.js';
import {Pacing} from './pacing.js';

/** Receives the bytes of a pipe. */
type Sink = {
	/** Returns false when its buffer is full; `Pipe.drained` is called when it accepts bytes again. */
	write(chunk: Buffer): boolean;
	/** Forwards the end of the other side's half of the connection (FIN). */
	end(): void;
	/** Forwards a reset by the other side (RST). */
	reset(): void;
};

/** Delivers the bytes of a pipe. */
type Source = {pause(): void; resume(): void};

/** Decides how many bytes may pass before a `limit` closes the connection. */
export type Allowance = {
	left(limits: readonly LimitRule[]): number;
	/** These bytes have passed. */
	spend(limits: readonly LimitRule[], bytes: number): void;
};

type PipeOptions = {
	readonly sink: Sink;
	readonly source: Source;
	readonly allowance: Allowance;
	/** Returns a number from 0 to 1. */
	readonly random: () => number;
};

/** Bytes held for `stall`, `latency` or `bandwidth` before the source is paused. */
const maxHeldBytes = 4 * 1024 * 1024;

/** The same in chunks: a sender of single bytes would fill the memory long before it has sent that many bytes. */
const maxHeldChunks = 16_384;

type Item =
	| {readonly type: 'bytes'; readonly bytes: Buffer; readonly dueAt: number}
	| {readonly type: 'end' | 'reset'; readonly dueAt: number};

/**
 * One direction of a connection, with the faults that affect its bytes.
 *
 * The order never changes: everything passes one queue, including the end of the stream. While no fault affects the pipe and
 * the queue is empty, chunks are forwarded untouched.
 */
export class Pipe {
	/** Bytes received. */
	bytes = 0;
	/** True once bytes were dropped: nothing after them may be delivered. */
	isBroken = false;

	readonly #sink: Sink;
	readonly #source: Source;
	readonly #allowance: Allowance;
	readonly #pacing: Pacing;
	#rules: PipeRules = freePipe;
	#queue: Item[] = [];
	#heldBytes = 0;
	#isBlocked = false;
	#isSourcePaused = false;
	#isClosed = false;
	#timer: NodeJS.Timeout | undefined;

	constructor({sink, source, allowance, random}: PipeOptions) {
		this.#sink = sink;
		this.#source = source;
		this.#allowance = allowance;
		this.#pacing = new Pacing(random);
	}

	/** True while its buffer is full. The pipe pauses its source itself; other writers must check this. */
	get isFull(): boolean {
		return this.#heldBytes > maxHeldBytes || this.#queue.length > maxHeldChunks;
	}

	/** True while it holds no bytes. */
	get isEmpty(): boolean {
		return this.#queue.length === 0;
	}

	/** True while the sink's buffer is full. */
	get isBlocked(): boolean {
		return this.#isBlocked;
	}

	receive(chunk: Buffer): void {
		if (this.#isClosed) return;
		this.bytes += chunk.length;
		if (this.#rules === freePipe && this.#queue.length === 0 && !this.isBroken) {
			if (!this.#sink.write(chunk)) this.#block();
			return;
		}
		if (this.isBroken || this.#rules.swallow) {
			this.isBroken = true;
			return;
		}
		this.#queue.push({type: 'bytes', bytes: chunk, dueAt: this.#pacing.dueAt()});
		this.#heldBytes += chunk.length;
		if (this.isFull) this.#pauseSource();
		this.#pump();
	}

	/** The source has ended (FIN) or was reset (RST). */
	finish(how: 'end' | 'reset'): void {
		if (this.#isClosed) return;
		if (this.#rules.swallow) this.isBroken = true;
		if (this.isBroken) return;
		this.#queue.push({type: how, dueAt: this.#pacing.dueAt()});
		this.#pump();
	}

	setRules(rules: PipeRules): void {
		if (rules === this.#rules) return;
		this.#rules = rules;
		const latest = this.#pacing.setRules(rules);
		this.#queue = this.#queue.map((item) => ({...item, dueAt: Math.min(item.dueAt, latest)}));
		this.#pump();
	}

	/** The sink accepts bytes again. */
	drained(): void {
		if (!this.#isBlocked) return;
		this.#isBlocked = false;
		this.#pump();
	}

	close(): void {
		this.#isClosed = true;
		this.#queue = [];
		this.#heldBytes = 0;
		clearTimeout(this.#timer);
	}

	/** Delivers the bytes that are due, and sets a timer for the rest. */
	#pump(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		while (!this.#isClosed && !this.#isBlocked && !this.#rules.hold) {
			const item = this.#queue[0];
			if (item === undefined) break;
			if (this.#rules.swallow) {
				this.#swallowQueue();
				break;
			}
			const now = performance.now();
			const readyAt =
				item.type === 'bytes'
					? this.#pacing.bytesReadyAt(item.bytes.length, item.dueAt, now)
					: this.#pacing.endReadyAt(item.dueAt);
			if (readyAt > now) {
				this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.ceil(readyAt - now)));
				return;
			}
			if (item.type === 'bytes') {
				this.#deliver(item.bytes, item.dueAt, now);
			} else {
				this.#queue.shift();
				this.#sink[item.type]();
			}
		}
		if (this.#isSourcePaused && !this.#isBlocked && this.#hasRoom()) this.#resumeSource();
	}

	#deliver(bytes: Buffer, dueAt: number, now: number): void {
		const {limits} = this.#rules;
		const size = Math.min(this.#pacing.takePortion(bytes.length, now), this.#allowance.left(limits));
		const isWhole = size === bytes.length;
		if (isWhole) this.#queue.shift();
		else this.#queue[0] = {type: 'bytes', bytes: bytes.subarray(size), dueAt};
		this.#heldBytes -= size;
		if (size > 0 && !this.#sink.write(isWhole ? bytes : bytes.subarray(0, size))) this.#block();
		if (limits.length > 0) this.#allowance.spend(limits, size);
	}

	#hasRoom(): boolean {
		return this.#heldBytes < maxHeldBytes / 2 && this.#queue.length < maxHeldChunks / 2;
	}

	#swallowQueue(): void {
		this.isBroken = true;
		this.#queue = [];
		this.#heldBytes = 0;
	}

	#block(): void {
		this.#isBlocked = true;
		this.#pauseSource();
	}

	#pauseSource(): void {
		if (this.#isSourcePaused) return;
		this.#isSourcePaused = true;
		this.#source.pause();
	}

	#resumeSource(): void {
		this.#isSourcePaused = false;
		this.#source.resume();
	}
}
