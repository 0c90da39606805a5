import {LRUCache} from 'lru-cache';

/** What this process knows of a mark. */
type Mark = {
	/** Server time in µs; entries obtained at or before it are misses. 0: there was none in Redis, so nothing in Redis counts. */
	value: number;
	/** Whether changes made by others have reached us since it was read. */
	epoch: number;
	/** Local time at which it was last made sure to exist. */
	ensuredAt: number;
};

/** Marks outlive every entry (30 days at most), and are kept alive while they are in use. */
export const markLifeMs = 31 * 86_400_000;
const ensureEveryMs = 3_600_000;
const maxTags = 20_000;

export function parseMark(bytes: unknown): number {
	if (!(bytes instanceof Buffer) || bytes.length < 20 || bytes.toString('latin1', 0, 4) !== 'rctm') return 0;
	const value = Number(bytes.toString('latin1', 4, 20));
	return Number.isSafeInteger(value) ? value : 0;
}

/**
 * The marks of namespaces and tags as this process knows them. An entry is alive only if each of its marks exists and is
 * older than the entry: so a mark that Redis evicted makes entries misses, and never brings a cleared one back.
 */
export class Marks {
	/** Raised when changes of marks may have been missed. */
	epoch = 0;
	readonly #marks = new LRUCache<string, Mark>({max: maxTags});

	/** What a read found; `epoch` is -1 when the mark was changed while the answer was on its way. Never goes back. */
	learn(markKey: string, value: number, epoch: number): void {
		const known = this.#marks.get(markKey);
		if (known === undefined) this.#marks.set(markKey, {value, epoch, ensuredAt: 0});
		else if (value === 0) {
			// It was evicted, or Redis restarted: to be made again before the next write.
			known.value = 0;
			known.ensuredAt = 0;
			known.epoch = -1;
		} else {
			known.value = Math.max(value, known.value);
			known.epoch = epoch;
		}
	}

	/** It was moved or made by this process. */
	moved(markKey: string, value: number, now: number, epoch: number): void {
		const known = this.#marks.get(markKey);
		this.#marks.set(markKey, {value: Math.max(value, known?.value ?? 0), epoch, ensuredAt: now});
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

	/** The newest value known, current or not. */
	known(markKey: string): number {
		return this.#marks.get(markKey)?.value ?? 0;
	}

	/** The value, if it is known to be current. */
	current(markKey: string): number | undefined {
		const known = this.#marks.get(markKey);
		return known !== undefined && known.epoch === this.epoch ? known.value : undefined;
	}

	needsEnsuring(markKey: string, now: number): boolean {
		const known = this.#marks.get(markKey);
		return known === undefined || known.ensuredAt === 0 || now - known.ensuredAt > ensureEveryMs;
	}
}
