import type {Queued} from '../admission/admission-queue.js';
import {type ParsedEntry, parseEntry} from '../entry/entry.js';
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

/** Reads that share one MGET. Each key, and each marker, is in the command once, however many reads need it. */
export class MgetBatch implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** The command's arguments. */
	readonly keys: string[] = [];
	readonly entries: EntryRead[] = [];
	readonly markers: MarkerRead[] = [];
	readonly #positions = new Map<string, number>();
	/** Positions of markers. */
	readonly #markerPositions = new Map<string, number>();

	constructor(
		/** Slot of a cluster; 0 elsewhere. */
		readonly group: number,
		/** Local time at which its first read was asked for. */
		readonly askedAt: number,
		/** State of the change clock then. A change made here after that may reach Redis before the read or after it. */
		readonly sequence: number,
		/** Epoch of the markers then. */
		readonly markersEpoch: number,
	) {}

	/** Number of keys to read, without the markers that are read along with them. */
	get size(): number {
		return this.#positions.size;
	}

	/** @param generationKey Read in the same command; `undefined`: it is in another slot of the cluster. */
	addEntry(read: EntryRead, generationKey: string | undefined): void {
		this.entries.push(read);
		if (generationKey !== undefined) read.generationPosition = this.readAlong(generationKey);
		read.position = this.#position(read.redisKey);
	}

	addMarker(read: MarkerRead): void {
		this.#positions.set(read.markerKey, this.readAlong(read.markerKey));
		this.markers.push(read);
	}

	/** Adds a marker to the command. @returns Its position. */
	readAlong(markerKey: string): number {
		let position = this.#markerPositions.get(markerKey);
		if (position === undefined) {
			position = this.keys.push(markerKey) - 1;
			this.#markerPositions.set(markerKey, position);
		}
		return position;
	}

	/** The markers that the command reads, each with its position. */
	get markerEntries(): Iterable<readonly [markerKey: string, position: number]> {
		return this.#markerPositions;
	}

	#position(redisKey: string): number {
		let position = this.#positions.get(redisKey);
		if (position === undefined) {
			position = this.keys.push(redisKey) - 1;
			this.#positions.set(redisKey, position);
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
	readonly markers: KnownMarkers;
	/** In a cluster the generation of a namespace is in another slot than its entries: it is read after them. */
	readonly isCluster: boolean;
	/** Reads a marker by itself. */
	readonly readMarker: (markerKey: string) => Promise<Marker | undefined>;
	/**
	 * Called for each read with the content of its Redis key.
	 *
	 * @param generation Generation of the namespace; 0: there is none.
	 */
	readonly onReply: (read: EntryRead, entry: ParsedEntry, generation: number, reply: ReplyInfo) => void;
	/** A read was not answered. */
	readonly onFailure: (read: EntryRead, error: Error) => void;
};

/**
 * Gives each read of a batch its part of the reply, once all markers in it are known.
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
	const found = learnMarkers(parts, batch, values);
	for (const read of batch.markers) read.resolve(found[batch.readAlong(read.markerKey)]);
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
		else answer(parts, read, entry, found[read.generationPosition]?.token ?? 0, reply);
	}
	return bytes;
}

/** @returns The markers in the reply, by position. */
function learnMarkers(
	{markers}: DistributeParts,
	batch: MgetBatch,
	values: readonly (Buffer | null)[],
): readonly (Marker | undefined)[] {
	const found: (Marker | undefined)[] = [];
	for (const [markerKey, position] of batch.markerEntries) {
		const marker = parseMarker(values[position]);
		markers.learn(markerKey, marker, batch.sequence, batch.markersEpoch);
		found[position] = marker;
	}
	return found;
}

/** A generation that is newer than the entry only makes it a miss, so the two need not be read at the same instant. */
function answerInCluster(parts: DistributeParts, read: EntryRead, entry: ParsedEntry, reply: ReplyInfo): void {
	const {markers, readMarker, onFailure} = parts;
	const {generationKey, counterKey} = read.namespace;
	const known = markers.current(generationKey);
	if (known !== undefined) {
		answer(parts, read, entry, known.token, reply);
		return;
	}
	// In the same command, for a load that may follow.
	if (markers.current(counterKey) === undefined) readMarker(counterKey).catch(() => {});
	readMarker(generationKey).then(
		(generation) => answer(parts, read, entry, generation?.token ?? 0, reply),
		(error: Error) => onFailure(read, error),
	);
}

/** A read that throws must not take the others of its batch with it. */
function answer(
	{onReply, onFailure}: DistributeParts,
	read: EntryRead,
	entry: ParsedEntry,
	generation: number,
	reply: ReplyInfo,
): void {
	try {
		onReply(read, entry, generation, reply);
	} catch (error) {
		onFailure(read, toError(error));
	}
}
