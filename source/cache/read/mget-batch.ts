import {bentReply, toServerError} from '../../pool/commands/reply-error.js';
import type {ServerError} from '../../pool/errors.js';
import type {Queued} from '../admission/admission-queue.js';
import {type ParsedEntry, parseEntry} from '../entry/entry.js';
import type {Availability} from '../outage/availability.js';
import {toError} from '../support/to-error.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import type {KnownMarkers} from '../tags/known-markers.js';
import {type Marker, parseMarker} from '../tags/marker.js';
import type {EntryRead} from './look-up.js';

/** A read of a marker by itself. */
export type MarkerRead = {
	readonly markerKey: string;
	readonly resolve: (marker: Marker | undefined) => void;
	readonly reject: (error: Error) => void;
};

/** A command of so many keys has a map of their positions: most commands of one caller, and in a cluster, have one or two. */
const fewKeys = 4;

/** Reads that share one MGET. Each key, and each marker, is in the command once, however many reads need it. */
export class MgetBatch implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** Expected bytes of the reply when it was sent; 0: not sent. */
	sentBytes = 0;
	/** Loop time by which it has to be answered, with all its parts if it is refused and sent again in parts. 0: not sent. */
	expiresAt = 0;
	/** True once it was put back because its reply, of one value, did not arrive in time. */
	isRepeated = false;
	/** The refusal of the batch that this one is a part of. */
	refusal: Error | undefined;
	/** The command's arguments. */
	readonly keys: string[] = [];
	readonly entries: EntryRead[] = [];
	readonly markers: MarkerRead[] = [];
	/** Number of different entries: only these may be large. */
	entryKeys = 0;
	/** Number of keys to read, without the markers that are read along with them. */
	size = 0;
	/** Positions of markers in the command. */
	readonly markerPositions: number[] = [];
	/** Positions of all keys; `undefined` while there are so few that they are found sooner by looking at each. */
	#positions: Map<string, number> | undefined;

	constructor(
		/** See `BatchGroups`. */
		readonly group: number | string,
		/** Local time at which its first read was asked for. */
		readonly askedAt: number,
		/** State of the change clock then. A change made here after that may reach Redis before the read or after it. */
		readonly sequence: number,
		/** Epoch of the markers then. */
		readonly markersEpoch: number,
		/** By the number of different entries. */
		readonly expectedBytes: (entryKeys: number) => number,
	) {}

	/** Expected bytes of the reply. */
	get bytes(): number {
		return this.sentBytes || this.expectedBytes(this.entryKeys);
	}

	/** @param generationKey Read in the same command; `undefined`: it is in another slot of the cluster. */
	addEntry(read: EntryRead, generationKey: string | undefined): void {
		this.entries.push(read);
		read.generationPosition = generationKey === undefined ? -1 : this.readAlong(generationKey);
		const count = this.keys.length;
		read.position = this.#position(read.redisKey);
		if (this.keys.length === count) return;
		this.entryKeys++;
		this.size++;
	}

	addMarker(read: MarkerRead): void {
		const count = this.keys.length;
		this.readAlong(read.markerKey);
		const isNew = this.keys.length > count || !this.markers.some(({markerKey}) => markerKey === read.markerKey);
		if (isNew) this.size++;
		this.markers.push(read);
	}

	/** Adds a marker to the command. @returns Its position. */
	readAlong(markerKey: string): number {
		const count = this.keys.length;
		const position = this.#position(markerKey);
		if (this.keys.length > count) this.markerPositions.push(position);
		return position;
	}

	/**
	 * Two batches, each with half of its keys, in place of this one; `undefined` if it has one key. All reads of a key stay
	 * together: apart, each would be a transfer of its own.
	 */
	halves(): readonly [MgetBatch, MgetBatch] | undefined {
		if (this.size < 2) return undefined;
		const [first, second] = [this.#emptyCopy(), this.#emptyCopy()];
		const half = this.size / 2;
		const halfOf = new Map<string, MgetBatch>();
		const asked = new Set([
			...this.entries.map(({redisKey}) => redisKey),
			...this.markers.map(({markerKey}) => markerKey),
		]);
		for (const key of asked) halfOf.set(key, halfOf.size < half ? first : second);
		for (const read of this.entries) {
			const generationKey = read.generationPosition < 0 ? undefined : read.namespace.generationKey;
			halfOf.get(read.redisKey)?.addEntry(read, generationKey);
		}
		for (const read of this.markers) halfOf.get(read.markerKey)?.addMarker(read);
		return [first, second];
	}

	#emptyCopy(): MgetBatch {
		const copy = new MgetBatch(this.group, this.askedAt, this.sequence, this.markersEpoch, this.expectedBytes);
		copy.queuedAt = this.queuedAt;
		copy.expiresAt = this.expiresAt;
		copy.refusal = this.refusal;
		return copy;
	}

	/** The position of a key in the command, to which it is added if it is not there. */
	#position(key: string): number {
		const {keys} = this;
		if (this.#positions === undefined && keys.length >= fewKeys)
			this.#positions = new Map(keys.map((each, position) => [each, position]));
		const known = this.#positions === undefined ? keys.indexOf(key) : (this.#positions.get(key) ?? -1);
		if (known >= 0) return known;
		const position = keys.push(key) - 1;
		this.#positions?.set(key, position);
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
	readonly availability: Availability;
	readonly markers: KnownMarkers;
	/** Reads a marker by itself. */
	readonly readMarker: (markerKey: string) => Promise<Marker | undefined>;
	/**
	 * Called for each read with the content of its Redis key.
	 *
	 * @param generation Generation of the namespace; `undefined`: there is none.
	 */
	readonly onReply: (read: EntryRead, entry: ParsedEntry, generation: Marker | undefined, reply: ReplyInfo) => void;
	/** A read was not answered. */
	readonly onFailure: (read: EntryRead, error: Error) => void;
	/** Called once for a reply of which some elements are neither bytes nor nil, as a proxy may give. */
	readonly onBent: (error: Error) => void;
};

/** An element of the reply to an MGET, as Redis gives it. */
type Element = Buffer | null;

/**
 * Gives each read of a batch its part of the reply, once all markers in it are known. A read fails if its entry, or the marker
 * that belongs to it, is neither bytes nor nil.
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
	const found = learnMarkers(parts, batch, values);
	for (const read of batch.markers) {
		const position = batch.readAlong(read.markerKey);
		if (isElement(values[position])) read.resolve(found[position]);
		else read.reject(bent ?? notAnswered());
	}
	const parsed: (ParsedEntry | undefined)[] = [];
	let bytes = 0;
	for (const read of batch.entries) {
		const {position, generationPosition} = read;
		const value = values[position];
		if (!isElement(value) || (generationPosition >= 0 && !isElement(values[generationPosition]))) {
			parts.onFailure(read, bent ?? notAnswered());
			continue;
		}
		let entry = parsed[position];
		if (entry === undefined) {
			entry = parseEntry(value);
			parsed[position] = entry;
			if (typeof entry !== 'string') bytes += entry.bytes.length;
		}
		if (generationPosition < 0) answerAfterGeneration(parts, read, entry, reply);
		else answer(parts, read, entry, found[generationPosition], reply);
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

/** @returns The markers in the reply, by position. */
function learnMarkers(
	{markers}: DistributeParts,
	batch: MgetBatch,
	values: readonly unknown[],
): readonly (Marker | undefined)[] {
	const found: (Marker | undefined)[] = [];
	for (const position of batch.markerPositions) {
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
 * The generation of a namespace that is in another slot than its entries is read after them. One that is newer than the entry
 * only makes it a miss, so the two need not be read at the same instant.
 */
function answerAfterGeneration(parts: DistributeParts, read: EntryRead, entry: ParsedEntry, reply: ReplyInfo): void {
	const {availability, markers, readMarker, onFailure} = parts;
	const {generationKey, counterKey} = read.namespace;
	const isLost = availability.isLost?.(generationKey) === true;
	const known = markers.current(generationKey) ?? (isLost ? markers.lastKnown(generationKey) : undefined);
	if (known !== undefined) {
		answer(parts, read, entry, known, reply);
		return;
	}
	// In the same command, for a load that may follow.
	if (markers.current(counterKey) === undefined) readMarker(counterKey).catch(() => {});
	readMarker(generationKey).then(
		(generation) => answer(parts, read, entry, generation, reply),
		(error: Error) => onFailure(read, error),
	);
}

/** A read that throws must not take the others of its batch with it. */
function answer(
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
