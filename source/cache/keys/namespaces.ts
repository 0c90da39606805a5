import {InvalidArgumentError} from '../../pool/errors.js';
import {MemoryBudget, type MemoryLimits} from '../memory/memory-budget.js';
import {MemoryTier} from '../memory/memory-tier.js';
import {checkName, KeyBuilder} from './key-builder.js';
import type {Namespace} from './namespace.js';

const maxSpaces = 1024;

/** The namespaces of a cache, and what they may keep in memory together. */
export class Namespaces {
	readonly byName = new Map<string, Namespace>();
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
	named(name: string): Namespace {
		checkName(name, 'namespace');
		let space = this.byName.get(name);
		if (space === undefined) {
			if (this.byName.size >= maxSpaces)
				throw new InvalidArgumentError(
					`a cache can have at most ${maxSpaces} namespaces: use keys or tags for what there are many of`,
				);
			const tier =
				this.#memory === undefined ? undefined : new MemoryTier(this.#memory, (key) => this.#onEvict(name, key));
			space = {keys: new KeyBuilder(this.#prefix, name), tier};
			this.byName.set(name, space);
		}
		return space;
	}

	[Symbol.iterator](): Iterator<Namespace> {
		return this.byName.values();
	}
}
