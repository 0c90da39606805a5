import type {Queued} from '../../admission/admission-queue.js';
import {appended} from '../../support/appended.js';
import type {UnorderedSetItem} from '../../support/unordered-set.js';
import type {Marker} from '../../tags/marker.js';
import type {EntryRead} from '../look-up.js';
import {KeyPositions} from './key-positions.js';

/** A separate read of a marker. */
export type MarkerRead = {
	readonly markerKey: string;
	readonly resolve: (marker: Marker | undefined) => void;
	readonly reject: (error: Error) => void;
};

/**
 * Reads that share one MGET, or in a cluster one pipeline of MGETs. Each key, and each marker, is in it once, however many reads
 * need it.
 */
export class MgetBatch implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** Expected bytes of the reply when it was sent; 0: not sent. */
	sentBytes = 0;
	/**
	 * Loop time by which the batch must be answered, including all parts if it is refused and sent again in parts. 0 if not
	 * sent.
	 */
	expiresAt = 0;
	/** True once the batch was put back because its reply, of a single value, did not arrive in time. */
	isRepeated = false;
	/** The refusal of the batch that this one is a part of. */
	refusal: Error | undefined;
	entries: EntryRead[] = [];
	markers: MarkerRead[] = [];
	/** Number of distinct entries: only entries may be large. */
	entryKeys = 0;
	/** Number of keys to read, not counting markers that are read along with them. */
	size = 0;
	/** Positions of markers in the command. */
	markerPositions: number[] = [];
	readonly #positions = new KeyPositions();
	/** The generation of the latest entry, and its position. */
	#generationKey: string | undefined;
	#generationPosition = -1;

	constructor(
		/** See `BatchGroups`. */
		readonly group: number | string,
		/** Local time at which its first read was requested. */
		readonly askedAt: number,
		/** Count of the change clock at that time. A later change by this process may reach Redis before or after the read. */
		readonly sequence: number,
		/** Epoch of the markers at that time. */
		readonly markersEpoch: number,
		/** Estimates the bytes of a reply by the number of distinct entries. */
		readonly expectedBytes: (entryKeys: number) => number,
	) {}

	/** The command's arguments. */
	get keys(): readonly string[] {
		return this.#positions.keys;
	}

	/** Expected bytes of the reply. */
	get bytes(): number {
		return this.sentBytes || this.expectedBytes(this.entryKeys);
	}

	/**
	 * @param generationKey Key of the generation to read in the same command; `undefined` if it is in another slot of the
	 * cluster.
	 * @returns False if the previous entry has the same generation.
	 */
	addEntry(read: EntryRead, generationKey: string | undefined): boolean {
		this.entries = appended(this.entries, read);
		const isNew = generationKey !== this.#generationKey;
		if (isNew) {
			this.#generationKey = generationKey;
			this.#generationPosition = generationKey === undefined ? -1 : this.readAlong(generationKey);
		}
		read.generationPosition = this.#generationPosition;
		const count = this.keys.length;
		read.position = this.#positions.add(read.redisKey, read.key);
		if (this.keys.length > count) {
			this.entryKeys++;
			this.size++;
		}
		return isNew;
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
		const position = this.#positions.add(markerKey, markerKey);
		if (this.keys.length > count) this.markerPositions = appended(this.markerPositions, position);
		return position;
	}

	/**
	 * Splits the batch into two with half of the keys each; `undefined` if it has one key. All reads of a key stay together, so
	 * that its value is transferred once.
	 *
	 * @param withMarkers True if the first half also reads the additional markers, which no read of this batch has requested.
	 * It leaves them out if it has only one read: if such a marker were refused, the command could not be split further.
	 */
	halves(withMarkers: boolean): readonly [MgetBatch, MgetBatch] | undefined {
		if (this.size < 2) return undefined;
		const [first, second] = [this.#emptyCopy(), this.#emptyCopy()];
		const half = this.size / 2;
		const halves: (MgetBatch | undefined)[] = [];
		let keys = 0;
		const halfOf = (position: number): MgetBatch => {
			let part = halves[position];
			if (part === undefined) {
				part = keys++ < half ? first : second;
				halves[position] = part;
			}
			return part;
		};
		for (const read of this.entries) {
			const generationKey = read.generationPosition < 0 ? undefined : read.namespace.generationKey;
			halfOf(read.position).addEntry(read, generationKey);
		}
		for (const read of this.markers) halfOf(this.readAlong(read.markerKey)).addMarker(read);
		if (withMarkers && first.size > 1) {
			for (const position of this.markerPositions)
				if (halves[position] === undefined) first.readAlong(this.keys[position] as string);
		}
		return [first, second];
	}

	/**
	 * Removes the reads that were not answered.
	 *
	 * @param errors Error by position; `undefined` if the key was answered.
	 * @returns A batch for each error.
	 */
	takeFailed(errors: readonly (Error | undefined)[]): ReadonlyMap<Error, MgetBatch> {
		const failed = new Map<Error, MgetBatch>();
		const partFor = (error: Error): MgetBatch => {
			const part = failed.get(error) ?? this.#emptyCopy();
			failed.set(error, part);
			return part;
		};
		this.entries = this.entries.filter((read) => {
			const error = errors[read.position];
			if (error !== undefined) partFor(error).addEntry(read, undefined);
			return error === undefined;
		});
		this.markers = this.markers.filter((read) => {
			const error = errors[this.#positions.add(read.markerKey, read.markerKey)];
			if (error !== undefined) partFor(error).addMarker(read);
			return error === undefined;
		});
		this.markerPositions = this.markerPositions.filter((position) => errors[position] === undefined);
		for (const {entryKeys, size} of failed.values()) {
			this.entryKeys -= entryKeys;
			this.size -= size;
		}
		return failed;
	}

	#emptyCopy(): MgetBatch {
		const copy = new MgetBatch(this.group, this.askedAt, this.sequence, this.markersEpoch, this.expectedBytes);
		copy.queuedAt = this.queuedAt;
		copy.expiresAt = this.expiresAt;
		copy.refusal = this.refusal;
		return copy;
	}
}
