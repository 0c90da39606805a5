import type {ChangeClock} from '../clock/change-clock.js';
import {type ParsedEntry, parseEntry} from '../entry/entry.js';
import {toError} from '../support/to-error.js';
import {type InvalidationTimes, parseTime} from '../tags/invalidation-times.js';
import type {MgetBatch} from './mget-batch.js';
import type {EntryRead, ReplyInfo} from './read-types.js';

export type DistributeParts = {
	readonly changes: ChangeClock;
	readonly times: InvalidationTimes;
	/** In a cluster the invalidation time of a namespace is in another slot than its entries: it is read after them. */
	readonly isCluster: boolean;
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
};

/**
 * Gives each read of a batch its part of the reply, once all invalidation times in it are known.
 *
 * @param values One for each key of the batch.
 * @returns Bytes of the entries.
 */
export function distributeReply(
	parts: DistributeParts,
	batch: MgetBatch,
	values: readonly (Buffer | null)[],
	reply: ReplyInfo,
): number {
	const times = learnTimes(parts, batch, values);
	for (const read of batch.times) read.resolve(times[batch.positionOfTime(read.timeKey)] ?? 0);
	const parsed: (ParsedEntry | undefined)[] = [];
	let bytes = 0;
	for (const read of batch.entries) {
		const {position} = read;
		let entry = parsed[position];
		if (entry === undefined) {
			entry = parseEntry(values[position]);
			parsed[position] = entry;
			if (typeof entry !== 'string') bytes += entry.bytes.length;
		}
		if (parts.isCluster) answerInCluster(parts, read, entry, reply);
		else answer(parts, read, entry, times[read.timePosition] ?? 0, reply);
	}
	return bytes;
}

/** @returns The newest that is known of each invalidation time in the reply, by its position. */
function learnTimes(
	{times, changes}: DistributeParts,
	batch: MgetBatch,
	values: readonly (Buffer | null)[],
): readonly number[] {
	const newest: number[] = [];
	for (const [timeKey, position] of batch.timeEntries) {
		const value = parseTime(values[position]);
		times.learn(timeKey, value, changes.changedSince(timeKey, batch.sequence) ? -1 : batch.timesEpoch);
		newest[position] = times.newest(timeKey, value);
	}
	return newest;
}

/** A time that is newer than the entry only makes it a miss, so the two need not be read at the same instant. */
function answerInCluster(parts: DistributeParts, read: EntryRead, entry: ParsedEntry, reply: ReplyInfo): void {
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
