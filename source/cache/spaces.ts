import {InvalidArgumentError} from '../pool/errors.js';
import {checkName, KeySpace} from './keys.js';
import {MemoryBudget, type MemoryLimits} from './memory-budget.js';
import {MemoryTier} from './memory-tier.js';
import type {Space} from './space.js';

const maxSpaces = 1024;

/** The namespaces of a cache, and what they may keep in memory together. */
export class Spaces {
	readonly byName = new Map<string, Space>();
	readonly #prefix: string;
	readonly #memory: MemoryBudget | undefined;
	readonly #onEvict: (namespace: string, key: string) => void;

	constructor(prefix: string, memory: MemoryLimits | undefined, onEvict: (namespace: string, key: string) => void) {
		this.#prefix = prefix;
		this.#memory = memory === undefined ? undefined : new MemoryBudget(memory);
		this.#onEvict = onEvict;
	}

	/**
	 * @throws {InvalidKeyError} the name cannot be used.
	 * @throws {InvalidArgumentError} there are too many.
	 */
	named(name: string): Space {
		checkName(name, 'namespace');
		let space = this.byName.get(name);
		if (space === undefined) {
			if (this.byName.size >= maxSpaces)
				throw new InvalidArgumentError(
					`a cache can have at most ${maxSpaces} namespaces: use keys or tags for what there are many of`,
				);
			const tier =
				this.#memory === undefined ? undefined : new MemoryTier(this.#memory, (key) => this.#onEvict(name, key));
			space = {keys: new KeySpace(this.#prefix, name), tier};
			this.byName.set(name, space);
		}
		return space;
	}

	[Symbol.iterator](): Iterator<Space> {
		return this.byName.values();
	}
}
