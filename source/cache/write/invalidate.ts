import type {InvalidateOptions, WriteResult} from '../api/call-types.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {checkTags} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {Flights} from '../load/flights.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {InvalidationOptions, MarkerWriter} from '../tags/marker-writer.js';

export type InvalidateParts = {
	readonly availability: Availability;
	readonly recorder: Recorder;
	readonly changes: ChangeClock;
	readonly flights: Flights;
	readonly markerWriter: MarkerWriter;
	/** Counts the invalidations of this process: a set that was called before one may reach Redis after it, on another lane. */
	readonly ownInvalidations: ChangeClock;
	readonly isStrict: boolean;
};

/** Replaces the generation of the namespace, so that every entry obtained until now is a miss. */
export async function clear(
	parts: InvalidateParts,
	namespace: Namespace,
	options: InvalidateOptions | undefined,
): Promise<WriteResult> {
	parts.availability.assertOpen();
	const {recorder, changes, flights, ownInvalidations} = parts;
	recorder.counters.invalidations++;
	// Synchronously: replies and loads in progress are not stored after this.
	changes.noteAll();
	flights.detachAll(namespace.entryPrefix);
	ownInvalidations.note(namespace.generationKey);
	namespace.tier?.clear();
	return {stored: await parts.markerWriter.clear(namespace, toInvalidation(parts, options))};
}

/** Invalidates the tags, so that every entry obtained until now with one of them is a miss. */
export async function invalidateTags(
	parts: InvalidateParts,
	namespace: Namespace,
	tags: readonly string[],
	options: InvalidateOptions | undefined,
): Promise<WriteResult> {
	parts.availability.assertOpen();
	checkTags(tags);
	if (tags.length === 0) return {stored: 'redis'};
	const {recorder, changes, flights, ownInvalidations} = parts;
	recorder.counters.invalidations++;
	for (const tag of tags) {
		changes.note(namespace.tagKey(tag));
		ownInvalidations.note(namespace.tagKey(tag));
	}
	// The tags of values that are being loaded are not known yet; they are checked when the values are stored. Until then later
	// callers must not join these loads.
	changes.note(namespace.counterKey);
	flights.closeAll(namespace.entryPrefix);
	return {stored: await parts.markerWriter.invalidate(namespace, tags, toInvalidation(parts, options))};
}

function toInvalidation({isStrict}: InvalidateParts, options: InvalidateOptions | undefined): InvalidationOptions {
	return {isStrict: options?.strict ?? isStrict, isSoft: options?.soft === true};
}
