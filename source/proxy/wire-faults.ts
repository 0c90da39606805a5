import {activate} from '../faults/active-fault.js';
import {defaultFlakyMs} from '../faults/catalogue.js';
import type {FaultOf, WireFault} from '../faults/fault.js';
import {type LinkRules, rulesOf} from './link-rules.js';
import type {ActiveWireFault} from './types.js';

type WireFaultsOptions = {
	/** Called after every change, before the listeners. */
	readonly onChange: () => void;
	readonly onEvent: (event: {readonly type: 'added' | 'lifted'; readonly fault: ActiveWireFault}) => void;
	/** Called for each round of a `flaky` fault, to select the connections to reset. */
	readonly onFlaky: (fault: FaultOf<'flaky'>) => void;
};

/** The active faults of a proxy's connections, with their timers. */
export class WireFaults {
	readonly #options: WireFaultsOptions;
	readonly #listeners = new Set<(active: readonly ActiveWireFault[]) => void>();
	readonly #timers = new Map<number, NodeJS.Timeout[]>();
	/**
	 * Cached rules of the connections to each node, until the next change; the key is `undefined` for connections without a
	 * node.
	 */
	readonly #rules = new Map<string | undefined, LinkRules>();
	#active: readonly ActiveWireFault[] = [];

	constructor(options: WireFaultsOptions) {
		this.#options = options;
	}

	get active(): readonly ActiveWireFault[] {
		return this.#active;
	}

	/** The rules of all connections to a node. A fault without a node affects all connections. */
	rulesOf(node: string | undefined): LinkRules {
		const known = this.#rules.get(node);
		if (known) return known;
		const rules = rulesOf(this.#active.filter(({fault}) => fault.node === undefined || fault.node === node));
		this.#rules.set(node, rules);
		return rules;
	}

	add(fault: WireFault, forMs: number | undefined): ActiveWireFault {
		const active = activate(fault, forMs);
		const timers: NodeJS.Timeout[] = [];
		if (forMs !== undefined) timers.push(setTimeout(() => this.lift(active.id), forMs).unref());
		if (fault.kind === 'flaky')
			timers.push(setInterval(() => this.#options.onFlaky(fault), fault.everyMs ?? defaultFlakyMs).unref());
		this.#timers.set(active.id, timers);
		this.#change([...this.#active, active]);
		this.#options.onEvent({type: 'added', fault: active});
		return active;
	}

	lift(id: number): boolean {
		const fault = this.#active.find((candidate) => candidate.id === id);
		if (fault === undefined) return false;
		for (const timer of this.#timers.get(id) ?? []) clearTimeout(timer);
		this.#timers.delete(id);
		this.#change(this.#active.filter((candidate) => candidate !== fault));
		this.#options.onEvent({type: 'lifted', fault});
		return true;
	}

	onChange(listener: (active: readonly ActiveWireFault[]) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Forgets all faults without an event. */
	close(): void {
		for (const timer of [...this.#timers.values()].flat()) clearTimeout(timer);
		this.#timers.clear();
		this.#listeners.clear();
		this.#active = [];
		this.#rules.clear();
	}

	#change(active: readonly ActiveWireFault[]): void {
		this.#active = active;
		this.#rules.clear();
		this.#options.onChange();
		for (const listener of this.#listeners) listener(active);
	}
}
