import {KeyBuilder} from './key-builder.js';

/** Reads names in Redis, as `KeySpace` makes them: what namespace they are of, and what the user calls them. */
export class KeyParser {
	readonly #prefix: string;
	/** Where the namespace begins. */
	readonly #head: number;

	constructor(prefix: string) {
		this.#prefix = prefix;
		this.#head = prefix.length + 1;
	}

	isMark(physical: string): boolean {
		return physical[this.#head] === '!';
	}

	/** Of an entry. */
	namespaceOf(physical: string): string {
		return physical.slice(this.#head, physical.indexOf(':', this.#head));
	}

	/** Of an entry. */
	keyOf(physical: string): string {
		return physical.slice(physical.indexOf(':', this.#head) + 1);
	}

	/** The namespace of a mark, or of that of a tag. */
	namespaceOfMark(markKey: string): string {
		const colon = markKey.indexOf(':', this.#head);
		return colon < 0 ? markKey.slice(this.#head + 1) : markKey.slice(this.#head + 1, colon);
	}

	/** The names in the namespace of an entry or a mark. */
	spaceOf(physical: string): KeyBuilder {
		const namespace = this.isMark(physical) ? this.namespaceOfMark(physical) : this.namespaceOf(physical);
		return new KeyBuilder(this.#prefix, namespace);
	}
}
