import {scanStep} from '../../keys/scan.js';
import type {ScanPace} from '../../keys/scan-pace.js';
import {keyTotal} from '../../keys/scan-progress.js';
import {numberOf, type Sender} from '../../sender.js';

export type SizedKey = {readonly key: Buffer; readonly bytes: number};

/** Number of the biggest keys that are kept. */
const keptKeys = 20;

/**
 * Searches the biggest keys with SCAN and MEMORY USAGE. Neither counts as a lookup, so the hit ratio of the server remains that
 * of its applications.
 */
export class SizeScan {
	readonly #sender: Sender;
	readonly #pace: ScanPace;
	#cursor = '0';
	#visited = 0;
	#total: number | undefined;
	#isOver = false;
	#top: readonly SizedKey[] = [];

	constructor(sender: Sender, pace: ScanPace) {
		this.#sender = sender;
		this.#pace = pace;
	}

	/** The biggest keys so far. */
	get top(): readonly SizedKey[] {
		return this.#top;
	}

	get visited(): number {
		return this.#visited;
	}

	/** Keys in the database; undefined if the server does not report it. */
	get total(): number | undefined {
		return this.#total;
	}

	/** True if all keys were visited. */
	get isOver(): boolean {
		return this.#isOver;
	}

	/** Continues until all keys are visited, or the signal aborts. */
	async run(signal: AbortSignal): Promise<void> {
		this.#total = await keyTotal(this.#sender);
		while (!this.#isOver && !signal.aborted) {
			const {cursor, keys} = await scanStep(this.#sender, this.#cursor, {pace: this.#pace});
			const sized = await Promise.all(keys.map((key) => this.#sizeOf(key)));
			this.#keep(sized.filter((each) => each !== undefined));
			this.#visited += keys.length;
			this.#cursor = cursor;
			this.#isOver = cursor === '0';
		}
	}

	/** Undefined if the key no longer exists. */
	async #sizeOf(key: Buffer): Promise<SizedKey | undefined> {
		const bytes = numberOf(await this.#sender.send('MEMORY', ['USAGE', key]));
		return bytes === undefined ? undefined : {key, bytes};
	}

	#keep(found: readonly SizedKey[]): void {
		const least = this.#top.length < keptKeys ? -1 : (this.#top.at(-1)?.bytes ?? -1);
		const bigger = found.filter(({bytes}) => bytes > least);
		if (bigger.length === 0) return;
		// A scan may return a key twice.
		const unique = new Map([...this.#top, ...bigger].map((each) => [each.key.toString('latin1'), each]));
		this.#top = [...unique.values()].sort((a, b) => b.bytes - a.bytes).slice(0, keptKeys);
	}
}
