import type {WriteOptions, WriteResult} from '../api/call-types.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {checkTags} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {Flights} from '../load/flights.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {InvalidationTimeWriter} from '../tags/time-writer.js';

export type InvalidateParts = {
	readonly availability: Availability;
	readonly recorder: Recorder;
	readonly changes: ChangeClock;
	readonly flights: Flights;
	readonly timeWriter: InvalidationTimeWriter;
	/** Invalidations that this process has made: a set that was called before one may reach Redis after it, on another lane. */
	readonly ownInvalidations: ChangeClock;
	readonly isStrict: boolean;
};

/** Moves the invalidation time of the namespace, so that every entry obtained until now is a miss. */
export async function clear(
	parts: InvalidateParts,
	namespace: Namespace,
	options: WriteOptions | undefined,
): Promise<WriteResult> {
	parts.availability.assertOpen();
	begin(parts, namespace, [namespace.timeKey]);
	namespace.tier?.clear();
	return {stored: await parts.timeWriter.move(namespace.timeKey, options?.strict ?? parts.isStrict)};
}

/** Moves the invalidation times of the tags, so that every entry obtained until now with one of them is a miss. */
export async function invalidateTags(
	parts: InvalidateParts,
	namespace: Namespace,
	tags: readonly string[],
	options: WriteOptions | undefined,
): Promise<WriteResult> {
	parts.availability.assertOpen();
	checkTags(tags);
	const timeKeys = tags.map((tag) => namespace.tagTimeKey(tag));
	begin(parts, namespace, timeKeys);
	const isStrict = options?.strict ?? parts.isStrict;
	const moved = await Promise.all(timeKeys.map((timeKey) => parts.timeWriter.move(timeKey, isStrict)));
	return {stored: moved.includes('memory') ? 'memory' : 'redis'};
}

/** In the turn of the call: no reply and no load in progress is kept after this. */
function begin(
	{recorder, changes, flights, ownInvalidations}: InvalidateParts,
	namespace: Namespace,
	timeKeys: readonly string[],
): void {
	recorder.counters.invalidations++;
	changes.noteAll();
	// All loads of the namespace: which tags their values will have is not known yet.
	flights.detachAll(namespace.entryPrefix);
	for (const timeKey of timeKeys) ownInvalidations.note(timeKey);
}
