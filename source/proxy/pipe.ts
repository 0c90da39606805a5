import {freePipe, type PipeRules} from './link-rules.js';

/** Where a pipe's bytes go. */
export type Sink = {
	/** False when it wants no more for now; `Pipe.drained` is called when it does again. */
	write(chunk: Buffer): boolean;
	/** The other side has ended its half of the connection (FIN). */
	end(): void;
	/** The other side has reset the connection (RST). */
	reset(): void;
};

/** Where a pipe's bytes come from. */
export type Source = {pause(): void; resume(): void};

/** Bytes held for `stall`, `latency` or `bandwidth` before the source is paused. */
const maxHeldBytes = 4 * 1024 * 1024;

/** The same in pieces: a sender of single bytes fills the memory long before it has sent that much. */
const maxHeldPieces = 16_384;

/** With a bandwidth, bytes leave in portions of about so many milliseconds. */
const portionMs = 20;

/** How much of the time that a slow reader took may be made up for afterwards. */
const maxCatchUpMs = 100;

type Item = {readonly bytes: Buffer; readonly dueAt: number} | {readonly mark: 'end' | 'reset'; readonly dueAt: number};

/**
 * One direction of a connection.
 *
 * Order is never changed: everything goes through one queue, the end of the stream included. While nothing is to be done
 * and the queue is empty, chunks are passed on untouched.
 */
export class Pipe {
	/** Bytes that came in. */
	bytes = 0;
	/** Bytes were swallowed: what follows them must never be delivered. */
	lost = false;

	#rules: PipeRules = freePipe;
	#queue: Item[] = [];
	#held = 0;
	#lastDueAt = 0;
	/** When the link, at its bandwidth, is done with what has been sent. */
	#lineFreeAt = 0;
	/** The portion that is on the line now. */
	#onLine: {readonly size: number; readonly readyAt: number} | undefined;
	#sliceReadyAt = 0;
	#blocked = false;
	#paused = false;
	#closed = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(
		private readonly sink: Sink,
		private readonly source: Source,
		private readonly random: () => number,
		/** How many bytes may still pass before a `limit` closes the connection. */
		private readonly allowance: (rules: PipeRules) => number,
		private readonly passed: (rules: PipeRules, bytes: number) => void,
	) {}

	/** It holds as much as it may: whatever else brings it bytes, besides its source, has to wait. */
	get full(): boolean {
		return this.#held > maxHeldBytes || this.#queue.length > maxHeldPieces;
	}

	receive(chunk: Buffer): void {
		if (this.#closed) return;
		this.bytes += chunk.length;
		if (this.#rules === freePipe && this.#queue.length === 0 && !this.lost) {
			if (!this.sink.write(chunk)) this.#block();
			return;
		}
		if (this.lost || this.#rules.swallow) {
			this.lost = true;
			return;
		}
		this.#queue.push({bytes: chunk, dueAt: this.#dueAt()});
		this.#held += chunk.length;
		if (this.full) this.#pause();
		this.#pump();
	}

	/** The source has ended or was reset. */
	finish(mark: 'end' | 'reset'): void {
		if (this.#closed) return;
		if (this.#rules.swallow) this.lost = true;
		if (this.lost) return;
		this.#queue.push({mark, dueAt: this.#dueAt()});
		this.#pump();
	}

	setRules(rules: PipeRules): void {
		if (rules === this.#rules) return;
		this.#rules = rules;
		this.#onLine = undefined;
		this.#hurry();
		this.#pump();
	}

	/** The sink wants more. */
	drained(): void {
		if (!this.#blocked) return;
		this.#blocked = false;
		this.#pump();
	}

	close(): void {
		this.#closed = true;
		this.#queue = [];
		this.#held = 0;
		clearTimeout(this.#timer);
	}

	#dueAt(): number {
		let delay = 0;
		for (const {delayMs, jitterMs} of this.#rules.delays)
			delay += Math.max(0, delayMs + (this.random() * 2 - 1) * jitterMs);
		// Jitter must not let a later chunk overtake an earlier one.
		this.#lastDueAt = Math.max(this.#lastDueAt, performance.now() + delay);
		return this.#lastDueAt;
	}

	/** What has been lifted holds nothing any longer than it would be held now. */
	#hurry(): void {
		const now = performance.now();
		const {delays, slice} = this.#rules;
		const latest = delays.reduce((at, {delayMs, jitterMs}) => at + delayMs + jitterMs, now);
		this.#queue = this.#queue.map((item) => ({...item, dueAt: Math.min(item.dueAt, latest)}));
		this.#lastDueAt = Math.min(this.#lastDueAt, latest);
		this.#sliceReadyAt = Math.min(this.#sliceReadyAt, now + (slice?.delayMs ?? 0));
	}

	#pump(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		while (!this.#closed && !this.#blocked && !this.#rules.hold) {
			const item = this.#queue[0];
			if (item === undefined) break;
			if (this.#rules.swallow) {
				this.#swallowQueue();
				break;
			}
			const now = performance.now();
			const readyAt = this.#readyAt(item, now);
			if (readyAt > now) {
				this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.ceil(readyAt - now)));
				return;
			}
			if ('mark' in item) {
				this.#queue.shift();
				if (item.mark === 'end') this.sink.end();
				else this.sink.reset();
			} else {
				this.#deliver(item, now);
			}
		}
		if (this.#paused && !this.#blocked && this.#hasRoom()) this.#resume();
	}

	#readyAt(item: Item, now: number): number {
		let readyAt = Math.max(item.dueAt, this.#sliceReadyAt);
		if ('mark' in item || readyAt > now) return readyAt;
		const rate = this.#rules.bytesPerMs;
		if (rate !== undefined) {
			if (this.#onLine === undefined) {
				const size = this.#portion(item.bytes.length, rate);
				// From when the line was free, not from now: a timer that fires late must not make the line slower than it is.
				const from = Math.max(this.#lineFreeAt, item.dueAt, now - maxCatchUpMs);
				this.#onLine = {size, readyAt: from + size / rate};
			}
			readyAt = Math.max(readyAt, this.#onLine.readyAt);
		}
		return readyAt;
	}

	#portion(length: number, rate: number | undefined): number {
		let size = length;
		if (rate !== undefined) size = Math.min(size, Math.max(1, Math.floor(rate * portionMs)));
		const slice = this.#rules.slice;
		if (slice !== undefined) size = Math.min(size, Math.max(1, Math.round(slice.bytes * (0.5 + this.random()))));
		return size;
	}

	#deliver(item: {readonly bytes: Buffer; readonly dueAt: number}, now: number): void {
		const rules = this.#rules;
		const wanted = this.#onLine?.size ?? this.#portion(item.bytes.length, undefined);
		const size = Math.min(wanted, this.allowance(rules));
		if (this.#onLine !== undefined) this.#lineFreeAt = this.#onLine.readyAt;
		this.#onLine = undefined;
		const piece = size === item.bytes.length ? item.bytes : item.bytes.subarray(0, size);
		if (size === item.bytes.length) this.#queue.shift();
		else this.#queue[0] = {bytes: item.bytes.subarray(size), dueAt: item.dueAt};
		this.#held -= size;
		if (rules.slice !== undefined) this.#sliceReadyAt = now + rules.slice.delayMs;
		if (size > 0 && !this.sink.write(piece)) this.#block();
		if (rules.limits.length > 0) this.passed(rules, size);
	}

	#hasRoom(): boolean {
		return this.#held < maxHeldBytes / 2 && this.#queue.length < maxHeldPieces / 2;
	}

	#swallowQueue(): void {
		this.lost = true;
		this.#queue = [];
		this.#held = 0;
	}

	#block(): void {
		this.#blocked = true;
		this.#pause();
	}

	#pause(): void {
		if (this.#paused) return;
		this.#paused = true;
		this.source.pause();
	}

	#resume(): void {
		this.#paused = false;
		this.source.resume();
	}
}
