import {InvalidArgumentError} from '../../pool/errors.js';
import {MemoryBudget, type MemoryLimits} from '../memory/memory-budget.js';
import {MemoryTier} from '../memory/memory-tier.js';
import {checkName} from './check-key.js';
import {Namespace} from './namespace.js';

const maxNamespaces = 1024;

/** The namespaces of a cache. Their memory tiers share one budget. */
export class Namespaces {
	readonly #prefix: string;
	readonly #budget: MemoryBudget | undefined;
	readonly #onEvict: (namespace: string, key: string) => void;
	readonly #byName = new Map<string, Namespace>();

	/** @param memory `undefined`: the memory tier is off. */
	constructor(prefix: string, memory: MemoryLimits | undefined, onEvict: (namespace: string, key: string) => void) {
		this.#prefix = prefix;
		this.#budget = memory === undefined ? undefined : new MemoryBudget(memory);
		this.#onEvict = onEvict;
	}

	/**
	 * The namespace with this name; created at first use.
	 *
	 * @throws {InvalidKeyError} the name cannot be used.
	 * @throws {InvalidArgumentError} there are too many namespaces.
	 */
	open(name: string): Namespace {
		checkName(name, 'namespace');
		const existing = this.#byName.get(name);
		if (existing !== undefined) return existing;
		if (this.#byName.size >= maxNamespaces)
			throw new InvalidArgumentError(
				`a cache can have at most ${maxNamespaces} namespaces: put what varies into keys or tags instead`,
			);
		const tier = this.#budget && new MemoryTier(this.#budget, (key) => this.#onEvict(name, key));
		const namespace = new Namespace(this.#prefix, name, tier);
		this.#byName.set(name, namespace);
		return namespace;
	}

	/** The namespace with this name, if it was opened. */
	get(name: string): Namespace | undefined {
		return this.#byName.get(name);
	}

	[Symbol.iterator](): Iterator<Namespace> {
		return this.#byName.values();
	}
}
