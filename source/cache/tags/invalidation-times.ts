import {LRUCache} from 'lru-cache';
import {digits} from '../entry/entry.js';
import {localNow} from '../support/server-clock.js';

/** What this process knows of a mark. */
type InvalidationTime = {
	/** Server time in µs; entries obtained at or before it are misses. 0: there was none in Redis, so nothing in Redis counts. */
	value: number;
	/** When this process last moved it, by the clock that stamps its own changes: what it had set before is older. */
	stamp: number;
	/** Whether changes made by others have reached us since it was read. */
	epoch: number;
	/** Until when it is believed to be the newest, where the server does not tell of changes. */
	trustedUntil: number;
	/** Local time at which it was last made sure to exist. */
	ensuredAt: number;
};

/** Marks outlive every entry (30 days at most), and are kept alive while they are in use. */
export const markLifeMs = 31 * 86_400_000;
const ensureEveryMs = 3_600_000;
const maxTags = 20_000;

/** `rctm` */
const magic = 0x72_63_74_6d;

export function parseMark(bytes: unknown): number {
	if (!(bytes instanceof Buffer) || bytes.length < 20 || bytes.readUInt32BE(0) !== magic) return 0;
	const value = digits(bytes, 4, 20);
	return Number.isSafeInteger(value) ? value : 0;
}

/**
 * The marks of namespaces and tags as this process knows them. An entry is alive only if each of its marks exists and is
 * older than the entry: so a mark that Redis evicted makes entries misses, and never brings a cleared one back.
 */
export class InvalidationTimes {
	/** Raised when changes of marks may have been missed. */
	epoch = 0;
	readonly #marks = new LRUCache<string, InvalidationTime>({
		max: maxTags,
		dispose: (mark, _markKey, reason) => {
			if (reason === 'evict') this.#forgotten = Math.max(this.#forgotten, mark.value, mark.stamp);
		},
	});
	/** The newest value of a mark that there was no room for: one that is not known may have been moved up to then. */
	#forgotten = 0;
	readonly #trustUntil: () => number;

	/** @param trustUntil Until when a mark that is read or moved now may be believed without asking. */
	constructor(trustUntil: () => number) {
		this.#trustUntil = trustUntil;
	}

	/** What a read found; `epoch` is -1 when the mark was changed while the answer was on its way. Never goes back. */
	learn(markKey: string, value: number, epoch: number): void {
		const known = this.#marks.get(markKey);
		const trustedUntil = this.#trustUntil();
		if (known === undefined) this.#marks.set(markKey, {value, stamp: 0, epoch, trustedUntil, ensuredAt: 0});
		else if (value === 0) {
			// It was evicted, or Redis restarted: to be made again before the next write. What it was still holds for memory.
			known.ensuredAt = 0;
			known.epoch = -1;
		} else {
			known.value = Math.max(value, known.value);
			known.epoch = epoch;
			known.trustedUntil = trustedUntil;
		}
	}

	/** This process is about to move it. Until Redis says where to, it counts as moved to the latest that the server's time can be. */
	moving(markKey: string, stamp: number, now: number): void {
		this.moved(markKey, stamp, now, -1);
		const mark = this.#marks.get(markKey);
		if (mark !== undefined) mark.stamp = stamp;
	}

	/** Redis has moved it, to where it said. What is set from now on must not be taken for older, so the stamp makes way. */
	confirmed(markKey: string, stamp: number, value: number, now: number, epoch: number): void {
		const known = this.#marks.get(markKey);
		if (known?.value === stamp) known.value = value;
		this.moved(markKey, value, now, epoch);
	}

	/** It was moved or made by this process. */
	moved(markKey: string, value: number, now: number, epoch: number): void {
		const known = this.#marks.get(markKey);
		this.#marks.set(markKey, {
			value: Math.max(value, known?.value ?? 0),
			stamp: known?.stamp ?? 0,
			epoch,
			trustedUntil: this.#trustUntil(),
			ensuredAt: now,
		});
	}

	/** Someone changed it. */
	suspect(markKey: string): void {
		const known = this.#marks.peek(markKey);
		if (known !== undefined) known.epoch = -1;
	}

	suspectAll(): void {
		this.epoch++;
	}

	/** Redis may have lost everything: each mark is to be made sure of again. */
	forgetEnsured(): void {
		for (const mark of this.#marks.values()) mark.ensuredAt = 0;
	}

	/** The newest value it is known to have had, or may have had. */
	known(markKey: string): number {
		return this.#marks.get(markKey)?.value ?? this.#forgotten;
	}

	/** What counts of a mark that was read: it may be known to have been moved since. 0: there is none. */
	newest(markKey: string, read: number): number {
		return read === 0 ? 0 : Math.max(read, this.known(markKey));
	}

	/**
	 * Whether an entry in memory is newer than the mark, as far as it is known.
	 *
	 * @param version 0: only this process knows the entry, and its asOf is a stamp.
	 */
	allows(markKey: string, asOf: number, version: number): boolean {
		if (asOf <= this.known(markKey)) return false;
		return version > 0 || asOf > (this.#marks.get(markKey)?.stamp ?? 0);
	}

	/** The value, if it is known to be current. */
	current(markKey: string): number | undefined {
		const known = this.#marks.get(markKey);
		if (known === undefined || known.epoch !== this.epoch) return undefined;
		const trusted = known.trustedUntil === Number.POSITIVE_INFINITY || localNow() < known.trustedUntil;
		return trusted ? known.value : undefined;
	}

	needsEnsuring(markKey: string, now: number): boolean {
		const known = this.#marks.get(markKey);
		return known === undefined || known.ensuredAt === 0 || now - known.ensuredAt > ensureEveryMs;
	}
}
