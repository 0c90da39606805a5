import type {Lane, Pool} from '../pool/types.js';
import type {ChangeLog} from './change-log.js';
import {type Parsed, parseEntry} from './entry.js';
import type {KeySpace} from './keys.js';
import {type Marks, parseMark} from './marks.js';
import {localNow} from './server-clock.js';

/** What Redis had under a key, and under the mark of its namespace, in one look. */
export type ReadResult = {
	readonly parsed: Parsed;
	/** The namespace's mark in µs; 0: there is none. */
	readonly mark: number;
	/** State of the change log when the read was sent. */
	readonly sequence: number;
	/** Epoch of the namespace's memory tier when the read was asked for. */
	readonly epoch: number;
	/** Local time at which the answer came. */
	readonly at: number;
};

/** Called once, with a result or an error: whatever the lane throws, or the reason given to `abandon`. */
export type ReadCallback = (result: ReadResult | undefined, error: Error | undefined) => void;

type Ticket = {
	/** Almost always one: reads of the same key in the same turn share a ticket. */
	readonly callbacks: ReadCallback[];
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

/** Told of each command, once: how long it took, or how it failed. */
export type ReaderHooks = {
	readonly onBatch: (startedAt: number, endedAt: number) => void;
	readonly onFailure: (error: Error, startedAt: number, endedAt: number) => void;
};

/** Keys in one MGET: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxKeys = 256;
const slots = 16_384;

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
	readonly #hooks: ReaderHooks;
	readonly #open = new Map<number, Batch>();
	readonly #sent = new Set<Batch>();
	#scheduled = false;

	constructor(pool: Pool, changes: ChangeLog, marks: Marks, hooks: ReaderHooks) {
		this.#pool = pool;
		this.#changes = changes;
		this.#marks = marks;
		this.#hooks = hooks;
	}

	read(space: KeySpace, physical: string, epoch: number, callback: ReadCallback): void {
		if (this.#pool.topology === 'cluster') this.#readClustered(space, physical, epoch, callback);
		else this.#enqueue(physical, space.markKey, epoch, callback);
	}

	/** The value of a mark as it is in Redis now, in µs; 0: there is none. */
	readMark(markKey: string): Promise<number> {
		const epoch = this.#marks.epoch;
		return new Promise((resolve, reject) => {
			this.#enqueue(markKey, markKey, 0, (result, error) => {
				if (result === undefined) {
					reject(error);
					return;
				}
				this.#learn(markKey, result.mark, result.sequence, epoch);
				resolve(result.mark);
			});
		});
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

	/** Marks lie in other slots than entries; the mark is read after the entry, so a newer mark can only make it a miss. */
	#readClustered(space: KeySpace, physical: string, epoch: number, callback: ReadCallback): void {
		const sequence = this.#changes.now;
		this.#enqueue(physical, physical, epoch, (entry, failure) => {
			if (entry === undefined) {
				callback(undefined, failure);
				return;
			}
			const known = this.#marks.current(space.markKey);
			if (known !== undefined) callback({...entry, mark: known, sequence}, undefined);
			else {
				this.readMark(space.markKey).then(
					(mark) => callback({...entry, mark, sequence}, undefined),
					(error: Error) => callback(undefined, error),
				);
			}
		});
	}

	#enqueue(physical: string, markKey: string, epoch: number, callback: ReadCallback): void {
		const lane = this.#pool.laneOf(physical);
		const group = this.#pool.topology === 'cluster' ? lane.id * slots + this.#pool.groupOf(physical) : lane.id;
		let batch = this.#open.get(group);
		if (batch === undefined) {
			batch = {lane, keys: [], tickets: [], byKey: new Map(), marks: new Map()};
			this.#open.set(group, batch);
			this.#schedule();
		}
		const joined = batch.byKey.get(physical);
		if (joined !== undefined && joined.epoch === epoch) {
			joined.callbacks.push(callback);
			return;
		}
		let markAt = batch.marks.get(markKey);
		if (markAt === undefined) {
			markAt = batch.keys.push(markKey) - 1;
			batch.marks.set(markKey, markAt);
		}
		const at = physical === markKey ? markAt : batch.keys.push(physical) - 1;
		const ticket: Ticket = {callbacks: [callback], at, markAt, epoch};
		batch.tickets.push(ticket);
		batch.byKey.set(physical, ticket);
		if (batch.keys.length >= maxKeys) {
			this.#open.delete(group);
			this.#send(batch);
		}
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
		const startedAt = localNow();
		batch.lane.send('MGET', batch.keys).then(
			(reply) => {
				if (!this.#sent.delete(batch)) return;
				const at = localNow();
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
		for (const ticket of batch.tickets) {
			const parsed = parseEntry(replies[ticket.at]);
			const result: ReadResult = {parsed, mark: marks.get(ticket.markAt) ?? 0, sequence, epoch: ticket.epoch, at};
			for (const callback of ticket.callbacks) callback(result, undefined);
		}
	}
}

function fail(batch: Batch, error: Error): void {
	for (const ticket of batch.tickets) for (const callback of ticket.callbacks) callback(undefined, error);
}
