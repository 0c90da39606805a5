import type {CommandSpec} from './commands/command-spec.js';

/** Limit of words kept for one command. Options are near its start. */
const maxWords = 24;

/**
 * Decides which arguments of a command are names of keys, and which words are relevant. Some words decide about later
 * arguments.
 */
export class ArgumentRoles {
	#argc = 0;
	#isContainer = false;
	/** The arguments that are names of keys: the first, the last, and the step between two. */
	#firstKey = 0;
	#lastKey = 0;
	#keyStep = 1;
	/** Index of the argument that contains the number of keys; 0 if there is none. */
	#countAt = 0;
	#isBeforeStreams = false;
	/** Index of the first argument that is kept as a word. */
	#wordsFrom = 0;
	/** Arguments before this index are secrets. */
	#secretsUntil = 0;

	/** A command begins. @param argc Number of its arguments, including its name. */
	begin({keys, wordsFrom, isContainer}: CommandSpec, argc: number): void {
		this.#argc = argc;
		this.#isContainer = isContainer;
		this.#keyStep = 1;
		this.#firstKey = Number.POSITIVE_INFINITY;
		this.#lastKey = 0;
		this.#countAt = 0;
		this.#isBeforeStreams = false;
		this.#secretsUntil = 0;
		this.#wordsFrom = wordsFrom ?? Number.POSITIVE_INFINITY;
		if (keys === undefined) return;
		if (keys.type === 'range') {
			this.#firstKey = keys.first;
			this.#lastKey = keys.last < 0 ? argc + keys.last : keys.last;
			this.#keyStep = keys.step;
		} else if (keys.type === 'counted') {
			this.#countAt = keys.countAt;
			if (keys.destination) {
				this.#firstKey = 1;
				this.#lastKey = 1;
			}
		} else {
			this.#isBeforeStreams = true;
		}
	}

	/** True if exactly one key is known so far. */
	get hasOneKey(): boolean {
		return this.#firstKey === this.#lastKey;
	}

	isKey(index: number): boolean {
		return (
			index >= this.#firstKey &&
			index <= this.#lastKey &&
			(this.#keyStep === 1 || (index - this.#firstKey) % this.#keyStep === 0)
		);
	}

	/**
	 * True if an argument that is not a key is relevant as a word. @param words Number of words kept for this command so far.
	 */
	isWanted(index: number, words: number): boolean {
		return (
			(index >= this.#wordsFrom && index >= this.#secretsUntil && words < maxWords) ||
			index === this.#countAt ||
			this.isSubcommand(index)
		);
	}

	isSubcommand(index: number): boolean {
		return index === 1 && this.#isContainer;
	}

	/**
	 * Uses a relevant word to decide which later arguments are keys, or secrets. Returns true if it has no other meaning.
	 */
	learn(index: number, word: string): boolean {
		if (index === this.#countAt) {
			this.#keysFollow(index, /^\d{1,9}$/.test(word) ? Number(word) : 0);
			this.#countAt = 0;
			return true;
		}
		const upper = word.toUpperCase();
		if (this.#isBeforeStreams && upper === 'STREAMS') {
			this.#isBeforeStreams = false;
			this.#keysFollow(index, Math.floor((this.#argc - index - 1) / 2));
			this.#wordsFrom = Number.POSITIVE_INFINITY;
			return true;
		}
		// HELLO 3 AUTH user password
		if (upper === 'AUTH') this.#secretsUntil = index + 3;
		return false;
	}

	#keysFollow(index: number, count: number): void {
		this.#firstKey = index + 1;
		this.#lastKey = index + count;
		this.#keyStep = 1;
	}
}
