import {ServerError} from '../pool/errors.js';
import type {Lane, Pool} from '../pool/types.js';
import type {ChangeLog} from './change-log.js';
import {type Parsed, parseEntry} from './entry.js';
import type {KeySpace} from './keys.js';
import {type Marks, parseMark} from './marks.js';
import {localNow} from './server-clock.js';

/** When and how an answer came. Shared by all reads of a command. */
export type Reply = {
	/** State of the change log when the command was sent. */
	readonly sequence: number;
	/** Local time at which the answer came. */
	readonly at: number;
};

/** One read on its way: told once what came of it. */
export abstract class ReadRequest {
	/** Places in the MGET. A mark that is read by itself is its own mark. */
	at = 0;
	markAt = 0;
	/** Another read of the same key in the same turn. */
	next: ReadRequest | undefined = undefined;

	constructor(
		readonly physical: string,
		/** Epoch of the namespace's memory tier when the read was asked for. */
		readonly epoch: number,
	) {}

	/**
	 * What Redis had under the key, and under the mark of its namespace, in one look.
	 *
	 * @param mark In µs; 0: there is none.
	 */
	abstract answered(parsed: Parsed, mark: number, reply: Reply): void;
	/** @param error Whatever the lane throws, or the reason given to `abandon`. */
	abstract failed(error: Error): void;
}

type Batch = {
	readonly lane: Lane;
	readonly keys: string[];
	/** The first request of each key. */
	readonly requests: Map<string, ReadRequest>;
	readonly marks: Map<string, number>;
};

/** Told of each command, once: how long it took, or how it failed. */
export type ReaderHooks = {
	readonly onBatch: (startedAt: number, endedAt: number) => void;
	readonly onFailure: (error: Error, startedAt: number, endedAt: number) => void;
};

/** Keys in one MGET: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxKeys = 256;

/**
 * Bytes that one MGET is expected to bring, at most: an answer that takes longer than its deadline to carry would look like
 * an outage. What entries weigh is learnt from those that came.
 */
const maxBytes = 524_288;

export type ReaderCounts = {batches: number; keys: number};

/**
 * Reads entries. All reads of one turn of the event loop go to Redis as one MGET (in a cluster: one for each
 * slot), with the namespace's mark in the same command, so that an entry and its mark are seen at the same instant.
 * A read may only be joined before it is sent: whoever asks later gets a later answer.
 */
export class Reader {
	readonly counts: ReaderCounts = {batches: 0, keys: 0};
	readonly #pool: Pool;
	readonly #changes: ChangeLog;
	readonly #marks: Marks;
	readonly #hooks: ReaderHooks;
	readonly #open = new Map<number, Batch>();
	readonly #sent = new Set<Batch>();
	#scheduled = false;
	#turn = 0;
	#entryBytes = 256;

	constructor(pool: Pool, changes: ChangeLog, marks: Marks, hooks: ReaderHooks) {
		this.#pool = pool;
		this.#changes = changes;
		this.#marks = marks;
		this.#hooks = hooks;
	}

	read(space: KeySpace, request: ReadRequest): void {
		if (this.#pool.topology === 'cluster')
			this.#enqueue(new ClusteredRead(this, space, request, this.#changes.now), request.physical);
		else this.#enqueue(request, space.markKey);
	}

	/** The value of a mark as it is in Redis now, in µs; 0: there is none. */
	readMark(markKey: string): Promise<number> {
		const epoch = this.#marks.epoch;
		return new Promise((resolve, reject) => {
			this.#enqueue(
				new MarkRead(
					markKey,
					(mark, sequence) => {
						this.#learn(markKey, mark, sequence, epoch);
						resolve(mark);
					},
					reject,
				),
				markKey,
			);
		});
	}

	/** The value of a mark if it is known to be current. */
	currentMark(markKey: string): number | undefined {
		return this.#marks.current(markKey);
	}

	/** Fails everything that is on its way: Redis was just found to be away. */
	abandon(error: Error): void {
		const batches = [...this.#open.values(), ...this.#sent];
		this.#open.clear();
		this.#sent.clear();
		for (const batch of batches) fail(batch, error);
	}

	#learn(markKey: string, value: number, sequence: number, epoch: number): void {
		this.#marks.learn(markKey, value, this.#changes.changedSince(markKey, sequence) ? -1 : epoch);
	}

	#enqueue(request: ReadRequest, markKey: string): void {
		const {physical} = request;
		const group = this.#pool.groupOf(physical);
		let batch = this.#open.get(group);
		if (batch === undefined) {
			batch = {lane: this.#nextLane(physical), keys: [], requests: new Map(), marks: new Map()};
			this.#open.set(group, batch);
			this.#schedule();
		}
		const first = batch.requests.get(physical);
		if (first !== undefined) {
			request.at = first.at;
			request.markAt = first.markAt;
			request.next = first.next;
			first.next = request;
			return;
		}
		let markAt = batch.marks.get(markKey);
		if (markAt === undefined) {
			markAt = batch.keys.push(markKey) - 1;
			batch.marks.set(markKey, markAt);
		}
		request.markAt = markAt;
		request.at = physical === markKey ? markAt : batch.keys.push(physical) - 1;
		batch.requests.set(physical, request);
		if (batch.keys.length >= maxKeys || batch.keys.length * this.#entryBytes >= maxBytes) {
			this.#open.delete(group);
			this.#send(batch);
		}
	}

	/**
	 * Any lane that is ready, in turn: reads need no lane of their own, for a key with a write of ours under way is not read.
	 */
	#nextLane(physical: string): Lane {
		const {lanes} = this.#pool;
		for (let tries = 0; tries < lanes.length; tries++) {
			this.#turn = (this.#turn + 1) % lanes.length;
			const lane = lanes[this.#turn];
			if (lane?.state === 'ready') return lane;
		}
		return this.#pool.laneOf(physical);
	}

	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		process.nextTick(() => {
			this.#scheduled = false;
			const batches = [...this.#open.values()];
			this.#open.clear();
			for (const batch of batches) this.#send(batch);
		});
	}

	#send(batch: Batch): void {
		const sequence = this.#changes.now;
		const markEpoch = this.#marks.epoch;
		this.#sent.add(batch);
		this.counts.batches++;
		this.counts.keys += batch.requests.size;
		const startedAt = localNow();
		batch.lane.send('MGET', batch.keys).then(
			(reply) => {
				if (!this.#sent.delete(batch)) return;
				const at = localNow();
				if (!Array.isArray(reply) || reply.length !== batch.keys.length) {
					const error = new ServerError(
						'bug',
						'REPLY',
						'MGET was not answered with one value for each key: check what lies between this program and Redis',
					);
					this.#hooks.onFailure(error, startedAt, at);
					fail(batch, error);
					return;
				}
				this.#hooks.onBatch(startedAt, at);
				this.#distribute(batch, reply as readonly (Buffer | null)[], sequence, markEpoch, at);
			},
			(error: Error) => {
				if (!this.#sent.delete(batch)) return;
				this.#hooks.onFailure(error, startedAt, localNow());
				fail(batch, error);
			},
		);
	}

	#distribute(
		batch: Batch,
		replies: readonly (Buffer | null)[],
		sequence: number,
		markEpoch: number,
		at: number,
	): void {
		const marks = new Map<number, number>();
		for (const [markKey, place] of batch.marks) {
			const value = parseMark(replies[place]);
			marks.set(place, value);
			if (this.#pool.topology === 'standalone') this.#learn(markKey, value, sequence, markEpoch);
		}
		const reply: Reply = {sequence, at};
		let bytes = 0;
		for (const first of batch.requests.values()) {
			const parsed = parseEntry(replies[first.at]);
			const mark = marks.get(first.markAt) ?? 0;
			if (typeof parsed !== 'string') bytes += parsed.bytes.length;
			for (let request: ReadRequest | undefined = first; request !== undefined; request = request.next)
				answer(request, parsed, mark, reply);
		}
		this.#entryBytes += (bytes / batch.requests.size - this.#entryBytes) / 8;
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

function fail(batch: Batch, error: Error): void {
	for (const first of batch.requests.values()) {
		for (let request: ReadRequest | undefined = first; request !== undefined; request = request.next)
			request.failed(error);
	}
}

class MarkRead extends ReadRequest {
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

/** Marks lie in other slots than entries; the mark is read after the entry, so a newer mark can only make it a miss. */
class ClusteredRead extends ReadRequest {
	readonly #reader: Reader;
	readonly #space: KeySpace;
	readonly #request: ReadRequest;
	readonly #sequence: number;

	constructor(reader: Reader, space: KeySpace, request: ReadRequest, sequence: number) {
		super(request.physical, request.epoch);
		this.#reader = reader;
		this.#space = space;
		this.#request = request;
		this.#sequence = sequence;
	}

	answered(parsed: Parsed, _mark: number, reply: Reply): void {
		const settle = (mark: number) => this.#request.answered(parsed, mark, {sequence: this.#sequence, at: reply.at});
		const known = this.#reader.currentMark(this.#space.markKey);
		if (known !== undefined) settle(known);
		else this.#reader.readMark(this.#space.markKey).then(settle, (error: Error) => this.#request.failed(error));
	}

	failed(error: Error): void {
		this.#request.failed(error);
	}
}
