import type {Parsed} from '../entry/entry.js';

/** When and how an answer came. Shared by all reads of a command. */
export type Reply = {
	/** State of the change log when the first read of the command was asked for. */
	readonly sequence: number;
	/** Local time at which it was. */
	readonly askedAt: number;
	/** Local time at which the answer came. */
	readonly at: number;
	/** The server's time then, in µs: a guess, and what it certainly was not later than. */
	readonly serverNow: number;
	readonly serverLatest: number;
};

/** One read on its way: told once what came of it. */
export abstract class ReadRequest {
	/** Places in the MGET. A mark that is read by itself is its own mark. */
	at = 0;
	markAt = 0;
	/** Another read of the same key in the same command. */
	next: ReadRequest | undefined = undefined;

	constructor(
		readonly physical: string,
		/** Epoch of the namespace's memory tier when the read was asked for. */
		public epoch: number,
	) {}

	/**
	 * What Redis had under the key, and under the mark of its namespace, in one look.
	 *
	 * @param mark The newest that is known, in µs; 0: there is none.
	 */
	abstract answered(parsed: Parsed, mark: number, reply: Reply): void;
	/** @param error Whatever the lane throws, or the reason given to `abandon`. */
	abstract failed(error: Error): void;
}

/** A mark by itself. */
export class MarkRead extends ReadRequest {
	readonly #done: (mark: number, sequence: number) => void;
	readonly #fail: (error: Error) => void;

	constructor(markKey: string, done: (mark: number, sequence: number) => void, fail: (error: Error) => void) {
		super(markKey, 0);
		this.#done = done;
		this.#fail = fail;
	}

	answered(_parsed: Parsed, mark: number, reply: Reply): void {
		this.#done(mark, reply.sequence);
	}

	failed(error: Error): void {
		this.#fail(error);
	}
}

/** What a read in a cluster needs of the reader. */
export type MarkSource = {
	/** The value of a mark if it is known to be current. */
	currentMark(markKey: string): number | undefined;
	readMark(markKey: string): Promise<number>;
	/** What counts of a mark that was read. */
	newestMark(markKey: string, read: number): number;
};

/** Marks lie in other slots than entries; the mark is read after the entry, so a newer mark can only make it a miss. */
export class ClusteredRead extends ReadRequest {
	readonly #marks: MarkSource;
	readonly #markKey: string;
	readonly #request: ReadRequest;
	readonly #sequence: number;

	constructor(marks: MarkSource, markKey: string, request: ReadRequest, sequence: number) {
		super(request.physical, request.epoch);
		this.#marks = marks;
		this.#markKey = markKey;
		this.#request = request;
		this.#sequence = sequence;
	}

	answered(parsed: Parsed, _mark: number, reply: Reply): void {
		const settle = (mark: number) =>
			this.#request.answered(parsed, this.#marks.newestMark(this.#markKey, mark), {
				...reply,
				sequence: this.#sequence,
			});
		const known = this.#marks.currentMark(this.#markKey);
		if (known !== undefined) settle(known);
		else this.#marks.readMark(this.#markKey).then(settle, (error: Error) => this.#request.failed(error));
	}

	failed(error: Error): void {
		this.#request.failed(error);
	}
}
