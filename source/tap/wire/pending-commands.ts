import type {CommandRecord} from './command-record.js';

/** Commands of a connection that wait for their replies, first in, first out. */
export class PendingCommands {
	#queue: CommandRecord[] = [];
	/** Index of the front: cheaper than `Array.shift` for each reply. */
	#first = 0;

	get front(): CommandRecord | undefined {
		return this.#queue[this.#first];
	}

	get length(): number {
		return this.#queue.length - this.#first;
	}

	push(record: CommandRecord): void {
		this.#queue.push(record);
	}

	shift(): void {
		// Without pipelining there is only one, and `pop` is faster than setting the length.
		if (this.#queue.length === 1) {
			this.#queue.pop();
			return;
		}
		this.#first++;
		if (this.#first === this.#queue.length) {
			this.#queue = [];
			this.#first = 0;
		} else if (this.#first === 1024) {
			this.#queue = this.#queue.slice(1024);
			this.#first = 0;
		}
	}

	/** Removes and returns all. */
	drain(): CommandRecord[] {
		const rest = this.#queue.slice(this.#first);
		this.#queue = [];
		this.#first = 0;
		return rest;
	}
}
