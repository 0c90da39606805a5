import type {Sample} from './sample.js';

/** Samples by a growing index; a sample overwrites the one with an index `size` lower. */
export class SampleRing {
	readonly #size: number;
	readonly #slots: ({readonly index: number; readonly sample: Sample} | undefined)[];
	#newest = -1;

	constructor(size: number) {
		this.#size = size;
		this.#slots = new Array<undefined>(size);
	}

	set(index: number, sample: Sample): void {
		this.#slots[index % this.#size] = {index, sample};
		this.#newest = Math.max(this.#newest, index);
	}

	at(index: number): Sample | undefined {
		const slot = index < 0 ? undefined : this.#slots[index % this.#size];
		return slot?.index === index ? slot.sample : undefined;
	}

	/** True when a sample of this index has not been overwritten yet. */
	reaches(index: number): boolean {
		return index > this.#newest - this.#size;
	}
}
