/** Most names that get a count of their own. */
const nameLimit = 100;

/** Counts the error replies on all connections of a pool, replies to abandoned commands included. */
export class ErrorReplies {
	readonly #kinds = new Map<string, number>();
	readonly #commands = new Map<string, number>();

	/** By their first word: `NOPERM`. */
	get kinds(): ReadonlyMap<string, number> {
		return this.#kinds;
	}

	/** By the command that they answered, in lower case: `evalsha`. */
	get commands(): ReadonlyMap<string, number> {
		return this.#commands;
	}

	/** @param kind The first word of the reply. */
	add(command: string, kind: string): void {
		increment(this.#kinds, kind);
		increment(this.#commands, command.toLowerCase());
	}
}

function increment(counts: Map<string, number>, name: string): void {
	const count = counts.get(name);
	if (count !== undefined || counts.size < nameLimit) counts.set(name, (count ?? 0) + 1);
}
