import {bentReply, toServerError} from '../../pool/commands/reply-error.js';
import type {ServerError} from '../../pool/errors.js';
import type {Queued} from '../admission/admission-queue.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {type ParsedEntry, parseEntry} from '../entry/entry.js';
import {toError} from '../support/to-error.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import {type InvalidationTimes, parseTime} from '../tags/invalidation-times.js';
import type {EntryRead} from './look-up.js';

/** A read of an invalidation time by itself. */
export type TimeRead = {
	readonly timeKey: string;
	readonly resolve: (time: number) => void;
	readonly reject: (error: Error) => void;
};

/** Reads that share one MGET. Each key, and each invalidation time, is in the command once, however many reads need it. */
export class MgetBatch implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** Expected bytes of the reply when it was sent; 0: not sent. */
	sentBytes = 0;
	/** Loop time by which it has to be answered, with all its parts if it is refused and sent again in parts. 0: not sent. */
	expiresAt = 0;
	/** The refusal of the batch that this one is a part of. */
	refusal: Error | undefined;
	/** The command's arguments. */
	readonly keys: string[] = [];
	readonly entries: EntryRead[] = [];
	readonly times: TimeRead[] = [];
	readonly #positions = new Map<string, number>();
	/** Positions of invalidation times. */
	readonly #timePositions = new Map<string, number>();

	constructor(
		/** See `BatchGroups`. */
		readonly group: number | string,
		/** Local time at which its first read was asked for. */
		readonly askedAt: number,
		/** State of the change clock then. A change made here after that may reach Redis before the read or after it. */
		readonly sequence: number,
		/** Epoch of the invalidation times then. */
		readonly timesEpoch: number,
		readonly expectedBytes: (keys: number) => number,
	) {}

	/** Expected bytes of the reply. */
	get bytes(): number {
		return this.sentBytes || this.expectedBytes(this.keys.length);
	}

	/** Number of keys to read, without the invalidation times that are read along with them. */
	get size(): number {
		return this.#positions.size;
	}

	/** @param timeKey Its invalidation time is read in the same command; `undefined`: it is in another slot of the cluster. */
	addEntry(read: EntryRead, timeKey: string | undefined): void {
		this.entries.push(read);
		read.timePosition = timeKey === undefined ? -1 : this.#timePosition(timeKey);
		read.position = this.#position(read.redisKey);
	}

	addTime(read: TimeRead): void {
		this.#positions.set(read.timeKey, this.#timePosition(read.timeKey));
		this.times.push(read);
	}

	/** Two batches, each with half of its reads, in place of this one; `undefined` if it has one read. */
	halves(): readonly [MgetBatch, MgetBatch] | undefined {
		const reads = this.entries.length + this.times.length;
		if (reads < 2) return undefined;
		const halves = [this.#emptyCopy(), this.#emptyCopy()] as const;
		for (const [index, read] of this.entries.entries())
			halves[index < reads / 2 ? 0 : 1].addEntry(read, read.timePosition < 0 ? undefined : read.namespace.timeKey);
		for (const [index, read] of this.times.entries())
			halves[this.entries.length + index < reads / 2 ? 0 : 1].addTime(read);
		return halves;
	}

	/** The invalidation times that the command reads, each with its position. */
	get timeEntries(): Iterable<readonly [timeKey: string, position: number]> {
		return this.#timePositions;
	}

	/** -1 if the command does not read it. */
	positionOfTime(timeKey: string): number {
		return this.#timePositions.get(timeKey) ?? -1;
	}

	#emptyCopy(): MgetBatch {
		const copy = new MgetBatch(this.group, this.askedAt, this.sequence, this.timesEpoch, this.expectedBytes);
		copy.queuedAt = this.queuedAt;
		copy.expiresAt = this.expiresAt;
		copy.refusal = this.refusal;
		return copy;
	}

	#position(redisKey: string): number {
		let position = this.#positions.get(redisKey);
		if (position === undefined) {
			position = this.keys.push(redisKey) - 1;
			this.#positions.set(redisKey, position);
		}
		return position;
	}

	#timePosition(timeKey: string): number {
		let position = this.#timePositions.get(timeKey);
		if (position === undefined) {
			position = this.keys.push(timeKey) - 1;
			this.#timePositions.set(timeKey, position);
		}
		return position;
	}
}

/** When a reply came, and what it can be compared with. Shared by all reads of a command. */
export type ReplyInfo = {
	/** State of the change clock when the first read of the command was asked for. */
	readonly sequence: number;
	/** Local time of that request. */
	readonly askedAt: number;
	/** Local time at which the reply came. */
	readonly at: number;
	/** Estimate of the server's time then, in µs. */
	readonly serverNow: number;
	/** The latest that the server's time can have been then, in µs. */
	readonly serverLatest: number;
};

export type DistributeParts = {
	readonly changes: ChangeClock;
	readonly times: InvalidationTimes;
	/** Reads an invalidation time by itself. */
	readonly readTime: (timeKey: string) => Promise<number>;
	/**
	 * Called for each read with the content of its Redis key.
	 *
	 * @param namespaceTime The newest invalidation time of the namespace that is known, in µs; 0: there is none.
	 */
	readonly onReply: (read: EntryRead, entry: ParsedEntry, namespaceTime: number, reply: ReplyInfo) => void;
	/** A read was not answered. */
	readonly onFailure: (read: EntryRead, error: Error) => void;
	/** Called once for a reply of which some elements are neither bytes nor nil, as a proxy may give. */
	readonly onBent: (error: Error) => void;
};

/** An element of the reply to an MGET, as Redis gives it. */
type Element = Buffer | null;

/**
 * Gives each read of a batch its part of the reply, once all invalidation times in it are known. A read fails if its entry,
 * or the invalidation time that belongs to it, is neither bytes nor nil.
 *
 * @param values One for each key of the batch.
 * @returns Bytes of the entries.
 */
export function distributeReply(
	parts: DistributeParts,
	batch: MgetBatch,
	values: readonly unknown[],
	reply: ReplyInfo,
): number {
	const bent = bentElement(values);
	if (bent !== undefined) parts.onBent(bent);
	const newestTimes = learnTimes(parts, batch, values);
	for (const read of batch.times) {
		const time = newestTimes[batch.positionOfTime(read.timeKey)];
		if (time === undefined) read.reject(bent ?? notAnswered());
		else read.resolve(time);
	}
	const parsed: (ParsedEntry | undefined)[] = [];
	let bytes = 0;
	for (const read of batch.entries) {
		const {position, timePosition} = read;
		const value = values[position];
		const time = timePosition < 0 ? 0 : newestTimes[timePosition];
		if (time === undefined || !isElement(value)) {
			parts.onFailure(read, bent ?? notAnswered());
			continue;
		}
		let entry = parsed[position];
		if (entry === undefined) {
			entry = parseEntry(value);
			parsed[position] = entry;
			if (typeof entry !== 'string') bytes += entry.bytes.length;
		}
		if (timePosition < 0) answerAfterTime(parts, read, entry, reply);
		else answer(parts, read, entry, time, reply);
	}
	return bytes;
}

function isElement(value: unknown): value is Element {
	return value === null || value instanceof Buffer;
}

/** The error of the first element that is neither bytes nor nil. */
function bentElement(values: readonly unknown[]): ServerError | undefined {
	const bent = values.find((value) => !isElement(value));
	if (bent === undefined) return undefined;
	return bent instanceof Error ? toServerError(bent) : notAnswered();
}

function notAnswered(): ServerError {
	return bentReply('MGET was not answered with one value for each key');
}

/** @returns The newest that is known of each invalidation time in the reply, by its position. */
function learnTimes(
	{times, changes}: DistributeParts,
	batch: MgetBatch,
	values: readonly unknown[],
): readonly (number | undefined)[] {
	const newest: (number | undefined)[] = [];
	for (const [timeKey, position] of batch.timeEntries) {
		if (!isElement(values[position])) continue;
		const value = parseTime(values[position]);
		times.learn(timeKey, value, changes.changedSince(timeKey, batch.sequence) ? -1 : batch.timesEpoch);
		newest[position] = times.newest(timeKey, value);
	}
	return newest;
}

/**
 * The invalidation time of a namespace that is in another slot than its entries is read after them. One that is newer than
 * the entry only makes it a miss, so the two need not be read at the same instant.
 */
function answerAfterTime(parts: DistributeParts, read: EntryRead, entry: ParsedEntry, reply: ReplyInfo): void {
	const {times, readTime, onFailure} = parts;
	const {timeKey} = read.namespace;
	const known = times.current(timeKey);
	if (known !== undefined) {
		answer(parts, read, entry, known, reply);
		return;
	}
	readTime(timeKey).then(
		(time) => answer(parts, read, entry, times.newest(timeKey, time), reply),
		(error: Error) => onFailure(read, error),
	);
}

/** A read that throws must not take the others of its batch with it. */
function answer(
	{onReply, onFailure}: DistributeParts,
	read: EntryRead,
	entry: ParsedEntry,
	namespaceTime: number,
	reply: ReplyInfo,
): void {
	try {
		onReply(read, entry, namespaceTime, reply);
	} catch (error) {
		onFailure(read, toError(error));
	}
}
