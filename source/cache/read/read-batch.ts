import {type Parsed, parseEntry} from '../entry/entry.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import type {ReadRequest, Reply} from './read-request.js';

/** Reads that share an MGET, which also brings the marks of their namespaces. */
export class ReadBatch implements UnorderedSetItem {
	place = -1;
	readonly keys: string[] = [];
	/** Whether the turn of the event loop in which it was opened is over: it goes as soon as it may. */
	isDue = false;
	/** The first request of each key. */
	readonly #requests = new Map<string, ReadRequest>();
	/** Places of the marks. */
	readonly #marks = new Map<string, number>();

	constructor(
		/** Local time at which it was opened. */
		readonly since: number,
		/** State of the change log then: a change that this process made before it was sent may reach Redis after it. */
		readonly sequence: number,
		/** Epoch of the marks then. */
		readonly markEpoch: number,
	) {}

	/** Keys that were asked for. */
	get size(): number {
		return this.#requests.size;
	}

	add(request: ReadRequest, markKey: string): void {
		const {physical} = request;
		const first = this.#requests.get(physical);
		if (first !== undefined) {
			request.at = first.at;
			request.markAt = first.markAt;
			request.next = first.next;
			first.next = request;
			return;
		}
		let markAt = this.#marks.get(markKey);
		if (markAt === undefined) {
			markAt = this.keys.push(markKey) - 1;
			this.#marks.set(markKey, markAt);
		}
		request.markAt = markAt;
		request.at = physical === markKey ? markAt : this.keys.push(physical) - 1;
		this.#requests.set(physical, request);
	}

	/**
	 * Gives each request its answer.
	 *
	 * @param markOf Called once for each mark, before any request is answered.
	 * @returns Bytes of entries that came.
	 */
	distribute(
		replies: readonly (Buffer | null)[],
		markOf: (markKey: string, bytes: Buffer | null | undefined) => number,
		reply: Reply,
	): number {
		const marks = new Map<number, number>();
		for (const [markKey, place] of this.#marks) marks.set(place, markOf(markKey, replies[place]));
		let bytes = 0;
		for (const first of this.#requests.values()) {
			const parsed = parseEntry(replies[first.at]);
			const mark = marks.get(first.markAt) ?? 0;
			if (typeof parsed !== 'string') bytes += parsed.bytes.length;
			for (let request: ReadRequest | undefined = first; request !== undefined; request = request.next)
				answer(request, parsed, mark, reply);
		}
		return bytes;
	}

	fail(error: Error): void {
		for (const first of this.#requests.values()) {
			for (let request: ReadRequest | undefined = first; request !== undefined; request = request.next)
				request.failed(error);
		}
	}
}

/** A read that goes wrong in its own way must not take the others of its batch with it. */
function answer(request: ReadRequest, parsed: Parsed, mark: number, reply: Reply): void {
	try {
		request.answered(parsed, mark, reply);
	} catch (error) {
		request.failed(error instanceof Error ? error : new Error(String(error)));
	}
}
