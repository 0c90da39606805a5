import type {Mode, ModeChange} from '../../../metrics/snapshot.js';
import {rejectAfter} from '../reject-after.js';
import type {OpenedSubject} from '../subject.js';

/** Minimum milliseconds between two reads. */
const everyMs = 50;

/** A read that takes longer did not reach Redis. */
const answerMs = 250;

/** Reads in a row without their value that show an outage. A single one may be late on a busy machine. */
const missesOfOutage = 2;

/** Number of stored values that wait to be read: enough for some reads while the writer cannot store any. */
const stockSize = 40;

/** Milliseconds after which a call is no longer waited for. */
const giveUpMs = 1000;

/** Limits of reads and writes in flight. */
const maxPending = 30;

type ReachWatchOptions = {
	readonly subject: Pick<OpenedSubject, 'get'>;
	/** Stores the values: in another process if possible, so that the subject can read them only from Redis. */
	readonly writer: Pick<OpenedSubject, 'set'>;
	readonly keyPrefix: string;
	readonly ttlMs: number;
};

/**
 * Detects when a subject reaches Redis, without knowing its implementation: it reads values that were just stored, each only
 * once, so that none can come from the memory of the subject's process.
 */
export class ReachWatch {
	readonly #options: ReachWatchOptions;
	readonly #listeners = new Set<(change: Pick<ModeChange, 'mode'>) => void>();
	/** Keys whose value was stored and not read. The newest is read next: a server that restarts loses older ones. */
	readonly #stock: string[] = [];
	readonly #timer: NodeJS.Timeout;
	readonly #reading = new Set<Promise<unknown>>();
	readonly #storing = new Set<Promise<unknown>>();
	#keys = 0;
	#reads = 0;
	/**
	 * Time at which a value was last stored. If no value can be stored, there is nothing to read, and the subject counts as cut
	 * off.
	 */
	#storedAt = performance.now();
	/** Number of the newest read whose result is known; results of older reads are ignored. */
	#newest = 0;
	/** Reads in a row that did not return their value. */
	#missed = 0;
	#mode: Mode = 'connected';

	constructor(options: ReachWatchOptions) {
		this.#options = options;
		this.#timer = setInterval(() => this.#tick(), everyMs);
		this.#tick();
	}

	get mode(): Mode {
		return this.#mode;
	}

	/** Every key that it may have stored. */
	*keyNames(): Iterable<string> {
		for (let index = 1; index <= this.#keys; index++) yield this.#keyOf(index);
	}

	onMode(listener: (change: Pick<ModeChange, 'mode'>) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Resolves when no call is in flight, after at most a second. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#listeners.clear();
		await Promise.all([...this.#reading, ...this.#storing]);
	}

	#keyOf(index: number): string {
		return `${this.#options.keyPrefix}reach:${index}`;
	}

	#tick(): void {
		const writes = this.#stock.length < stockSize ? 2 : 1;
		for (let index = 0; index < writes; index++) void this.#store();
		const key = this.#stock.pop();
		if (key !== undefined) void this.#read(key);
		else if (performance.now() - this.#storedAt > answerMs) this.#found(this.#nextRead(), false);
	}

	async #store(): Promise<void> {
		this.#keys++;
		const key = this.#keyOf(this.#keys);
		const value = {key: this.#keys, version: 1, run: 'reach', pad: ''};
		const {writer, ttlMs} = this.#options;
		await inFlight(this.#storing, () => writer.set(key, value, ttlMs)).then(
			() => {
				this.#storedAt = performance.now();
				this.#stock.push(key);
				if (this.#stock.length > stockSize) this.#stock.shift();
			},
			// Redis is unreachable for the writer, too.
			() => undefined,
		);
	}

	async #read(key: string): Promise<void> {
		const number = this.#nextRead();
		const late = setTimeout(() => this.#found(number, false), answerMs);
		const isReached = await inFlight(this.#reading, () => this.#options.subject.get(key)).then(
			(value) => value !== undefined,
			() => false,
		);
		clearTimeout(late);
		this.#found(number, isReached);
	}

	#nextRead(): number {
		this.#reads++;
		return this.#reads;
	}

	#found(number: number, isReached: boolean): void {
		if (number <= this.#newest) return;
		this.#newest = number;
		this.#missed = isReached ? 0 : this.#missed + 1;
		const mode = this.#missed < missesOfOutage ? 'connected' : 'fallback';
		if (mode === this.#mode) return;
		this.#mode = mode;
		for (const listener of this.#listeners) listener({mode});
	}
}

/** Rejects at once if too many calls are in flight, and after a timeout, since some calls never settle. */
async function inFlight<T>(calls: Set<Promise<unknown>>, start: () => Promise<T>): Promise<T> {
	if (calls.size >= maxPending) throw new Error('too many calls in flight');
	const work = rejectAfter(giveUpMs, start(), () => new Error('not settled in time'));
	const settled = work.catch(() => undefined);
	calls.add(settled);
	try {
		return await work;
	} finally {
		calls.delete(settled);
	}
}
