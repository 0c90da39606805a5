import {hashKey} from '../../pool/key-hash.js';

/**
 * Remembers when keys changed, so that a reply that was on its way when its key changed is not kept in the memory tier. Of
 * a fixed size, and nothing in it ever has to be tidied up.
 */
export class ChangeClock {
	#sequence = 0;
	/** The last change of everything. */
	#floor = 0;
	readonly #changed: Float64Array;

	/** @param places Keys share them: a collision makes a key count as changed that was not, which costs a look in Redis, no more. */
	constructor(places = 16_384) {
		this.#changed = new Float64Array(places);
	}

	/** To be taken when a read is sent. */
	get now(): number {
		return this.#sequence;
	}

	note(key: string): void {
		this.#changed[hashKey(key) % this.#changed.length] = ++this.#sequence;
	}

	noteAll(): void {
		this.#floor = ++this.#sequence;
	}

	changedSince(key: string, sequence: number): boolean {
		return this.#floor > sequence || (this.#changed[hashKey(key) % this.#changed.length] ?? 0) > sequence;
	}
}
