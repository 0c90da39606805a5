import type {Lane, Pool} from '../pool/types.js';
import type {ChangeLog} from './change-log.js';
import {type Parsed, parseEntry} from './entry.js';
import type {KeySpace} from './keys.js';
import {type Marks, parseMark} from './marks.js';

/** What Redis had under a key, and under the mark of its namespace, in one look. */
export type ReadResult = {
	readonly parsed: Parsed;
	/** The namespace's mark in µs; 0: there is none. */
	readonly mark: number;
	/** State of the change log when the read was sent. */
	readonly sequence: number;
	/** Epoch of the namespace's memory tier when the read was sent. */
	readonly epoch: number;
};

type Ticket = {
	readonly promise: Promise<ReadResult>;
	readonly resolve: (result: ReadResult) => void;
	readonly reject: (error: Error) => void;
	/** Places in the MGET. A mark that is read by itself is its own mark. */
	readonly at: number;
	readonly markAt: number;
	readonly epoch: number;
};

type Batch = {
	readonly lane: Lane;
	readonly keys: string[];
	readonly tickets: Ticket[];
	/** The latest ticket of each key. */
	readonly byKey: Map<string, Ticket>;
	readonly marks: Map<string, number>;
};

/** Keys in one MGET: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxKeys = 256;

export type ReaderCounts = {batches: number; keys: number};

/**
 * Reads entries. All reads of one turn of the event loop go to Redis as one MGET for each lane (in a cluster: for each
 * slot), with the namespace's mark in the same command, so that an entry and its mark are seen at the same instant.
 * A read may only be joined before it is sent: whoever asks later gets a later answer.
 */
export class Reader {
	readonly counts: ReaderCounts = {batches: 0, keys: 0};
	readonly #pool: Pool;
	readonly #changes: ChangeLog;
	readonly #marks: Marks;
	readonly #open = new Map<string, Batch>();
	readonly #sent = new Set<Batch>();
	#scheduled = false;

	constructor(pool: Pool, changes: ChangeLog, marks: Marks) {
		this.#pool = pool;
		this.#changes = changes;
		this.#marks = marks;
	}

	/** @throws whatever the lane throws, or the reason given to `abandon`. */
	read(space: KeySpace, physical: string, epoch: number): Promise<ReadResult> {
		if (this.#pool.topology === 'cluster') return this.#readClustered(space, physical, epoch);
		return this.#enqueue(physical, space.markKey, epoch);
	}

	/** The value of a mark as it is in Redis now, in µs; 0: there is none. */
	async readMark(markKey: string): Promise<number> {
		const epoch = this.#marks.epoch;
		const result = await this.#enqueue(markKey, markKey, 0);
		this.#learn(markKey, result.mark, result.sequence, epoch);
		return result.mark;
	}

	#learn(markKey: string, value: number, sequence: number, epoch: number): void {
		this.#marks.learn(markKey, value, this.#changes.changedSince(markKey, sequence) ? -1 : epoch);
	}

	/** Rejects everything that is on its way: Redis was just found to be away. */
	abandon(error: Error): void {
		for (const batch of [...this.#open.values(), ...this.#sent]) {
			for (const ticket of batch.tickets) ticket.reject(error);
		}
		this.#open.clear();
		this.#sent.clear();
	}

	/** Marks lie in other slots than entries; the mark is read after the entry, so a newer mark can only make it a miss. */
	async #readClustered(space: KeySpace, physical: string, epoch: number): Promise<ReadResult> {
		const sequence = this.#changes.now;
		const entry = await this.#enqueue(physical, physical, epoch);
		const mark = this.#marks.current(space.markKey) ?? (await this.readMark(space.markKey));
		return {...entry, mark, sequence};
	}

	#enqueue(physical: string, markKey: string, epoch: number): Promise<ReadResult> {
		const lane = this.#pool.laneOf(physical);
		const group = `${lane.id}/${this.#pool.topology === 'cluster' ? this.#pool.groupOf(physical) : 0}`;
		let batch = this.#open.get(group);
		if (batch === undefined) {
			batch = {lane, keys: [], tickets: [], byKey: new Map(), marks: new Map()};
			this.#open.set(group, batch);
			this.#schedule();
		}
		const joined = batch.byKey.get(physical);
		if (joined !== undefined && joined.epoch === epoch) return joined.promise;
		let markAt = batch.marks.get(markKey);
		if (markAt === undefined) {
			markAt = batch.keys.push(markKey) - 1;
			batch.marks.set(markKey, markAt);
		}
		const ticket = createTicket(physical === markKey ? markAt : batch.keys.push(physical) - 1, markAt, epoch);
		batch.tickets.push(ticket);
		batch.byKey.set(physical, ticket);
		if (batch.keys.length >= maxKeys) {
			this.#open.delete(group);
			this.#send(batch);
		}
		return ticket.promise;
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
		this.counts.keys += batch.tickets.length;
		batch.lane.send('MGET', batch.keys).then(
			(reply) => {
				if (this.#sent.delete(batch)) this.#distribute(batch, reply as readonly (Buffer | null)[], sequence, markEpoch);
			},
			(error: Error) => {
				if (!this.#sent.delete(batch)) return;
				for (const ticket of batch.tickets) ticket.reject(error);
			},
		);
	}

	#distribute(batch: Batch, replies: readonly (Buffer | null)[], sequence: number, markEpoch: number): void {
		const marks = new Map<number, number>();
		for (const [markKey, at] of batch.marks) {
			const value = parseMark(replies[at]);
			marks.set(at, value);
			if (this.#pool.topology === 'standalone') this.#learn(markKey, value, sequence, markEpoch);
		}
		for (const ticket of batch.tickets) {
			ticket.resolve({
				parsed: parseEntry(replies[ticket.at]),
				mark: marks.get(ticket.markAt) ?? 0,
				sequence,
				epoch: ticket.epoch,
			});
		}
	}
}

function createTicket(at: number, markAt: number, epoch: number): Ticket {
	let resolve!: (result: ReadResult) => void;
	let reject!: (error: Error) => void;
	const promise = new Promise<ReadResult>((settle, fail) => {
		resolve = settle;
		reject = fail;
	});
	return {promise, resolve, reject, at, markAt, epoch};
}
