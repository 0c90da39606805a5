import {malformedReply, toServerError} from '../../../pool/commands/reply-error.js';
import type {ServerError} from '../../../pool/errors.js';
import {type ParsedEntry, parseEntry} from '../../entry/entry.js';
import type {Availability} from '../../outage/availability.js';
import {toError} from '../../support/to-error.js';
import type {KnownMarkers} from '../../tags/known-markers.js';
import {type Marker, parseMarker} from '../../tags/marker.js';
import type {ReplyInfo} from '../accept-reply.js';
import type {EntryRead} from '../look-up.js';
import type {MgetBatch} from './mget-batch.js';

export type DistributeParts = {
	readonly availability: Availability;
	readonly markers: KnownMarkers;
	/** Reads a marker separately. */
	readonly readMarker: (markerKey: string) => Promise<Marker | undefined>;
	/**
	 * Called for each read with the content of its Redis key.
	 *
	 * @param generation Generation of the namespace; `undefined` if there is none.
	 */
	readonly onReply: (read: EntryRead, entry: ParsedEntry, generation: Marker | undefined, reply: ReplyInfo) => void;
	/** A read was not answered. */
	readonly onFailure: (read: EntryRead, error: Error) => void;
	/** Called once for a reply with elements that are neither bytes nor nil, which a proxy may send. */
	readonly onMalformed: (error: Error) => void;
};

/** An element of the reply to an MGET, as Redis gives it. */
type Element = Buffer | null;

/**
 * Passes each read of a batch its part of the reply, after all markers in it have been recorded. A read fails if its entry or
 * its generation is neither bytes nor nil.
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
	const bent = malformedElement(values);
	if (bent !== undefined) parts.onMalformed(bent);
	const found = learnMarkers(parts, batch, values);
	const parsed: ParsedEntry[] | undefined = batch.entries.length > batch.entryKeys ? [] : undefined;
	for (const read of batch.markers) {
		const position = batch.readAlong(read.markerKey);
		if (bent === undefined || isElement(values[position])) read.resolve(found[position]);
		else read.reject(bent);
	}
	let bytes = 0;
	for (const read of batch.entries) {
		const {position, generationPosition} = read;
		const value = values[position];
		if (
			bent !== undefined &&
			!(isElement(value) && (generationPosition < 0 || isElement(values[generationPosition])))
		) {
			parts.onFailure(read, bent);
			continue;
		}
		let entry = parsed?.[position];
		if (entry === undefined) {
			entry = parseEntry(value as Element);
			if (parsed !== undefined) parsed[position] = entry;
			if (typeof entry !== 'string') bytes += entry.bytes.length;
		}
		if (generationPosition < 0) answerAfterGeneration(parts, read, entry, reply);
		else answer(parts, read, entry, found[generationPosition], reply);
	}
	return bytes;
}

/** No read of a batch was answered. */
export function failReads({onFailure}: DistributeParts, batch: MgetBatch, error: Error): void {
	for (const read of batch.entries) onFailure(read, error);
	for (const read of batch.markers) read.reject(error);
}

function isElement(value: unknown): value is Element {
	return value === null || value instanceof Buffer;
}

/** The error of the first element that is neither bytes nor nil. */
function malformedElement(values: readonly unknown[]): ServerError | undefined {
	for (const value of values) {
		if (isElement(value)) continue;
		return value instanceof Error
			? toServerError(value)
			: malformedReply('MGET was not answered with one value for each key');
	}
	return undefined;
}

/** @returns The markers in the reply, by position. */
function learnMarkers(
	{markers}: DistributeParts,
	batch: MgetBatch,
	values: readonly unknown[],
): readonly (Marker | undefined)[] {
	const {markerPositions} = batch;
	const found: (Marker | undefined)[] = new Array((markerPositions.at(-1) ?? -1) + 1);
	for (const position of markerPositions) {
		const value = values[position];
		const markerKey = batch.keys[position] as string;
		if (!isElement(value)) continue;
		const marker = parseMarker(value);
		markers.learn(markerKey, marker, batch.sequence, batch.markersEpoch);
		found[position] = marker;
	}
	return found;
}

/**
 * Reads the generation of a namespace after its entries, if it is in another slot. A generation newer than the entry can only
 * turn it into a miss, so the two need not be read atomically.
 */
export function answerAfterGeneration(
	parts: DistributeParts,
	read: EntryRead,
	entry: ParsedEntry,
	reply: ReplyInfo,
): void {
	const {availability, markers, readMarker, onFailure} = parts;
	const {generationKey, counterKey} = read.namespace;
	const isLost = availability.isLost?.(generationKey) === true;
	const known = markers.current(generationKey) ?? (isLost ? markers.lastKnown(generationKey) : undefined);
	if (known !== undefined) {
		answer(parts, read, entry, known, reply);
		return;
	}
	// Also requests the counter, in the same command, for a load that may follow.
	if (markers.current(counterKey) === undefined) readMarker(counterKey).catch(() => {});
	readMarker(generationKey).then(
		(generation) => answer(parts, read, entry, generation, reply),
		(error: Error) => onFailure(read, error),
	);
}

/** An exception in one read must not affect the others of its batch. */
export function answer(
	{onReply, onFailure}: DistributeParts,
	read: EntryRead,
	entry: ParsedEntry,
	generation: Marker | undefined,
	reply: ReplyInfo,
): void {
	try {
		if (read.context === undefined) onReply(read, entry, generation, reply);
		else read.context(onReply, read, entry, generation, reply);
	} catch (error) {
		onFailure(read, toError(error));
	}
}
