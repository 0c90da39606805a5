export type MemoryLimits = {readonly maxEntries: number; readonly maxBytes: number};

/** A memory tier that shares a budget with others. */
export type Tenant = {
	/** Entries. */
	readonly size: number;
	readonly bytes: number;
	/** Drops the least recently used entry. */
	evictOldest(): void;
};

/** Limits of the memory tiers of all namespaces together. When they are exceeded, the largest tier drops entries. */
export class MemoryBudget {
	readonly #tenants: Tenant[] = [];
	#entries = 0;
	#bytes = 0;

	constructor(readonly limits: MemoryLimits) {}

	get isEmpty(): boolean {
		return this.#tenants.length === 0;
	}

	join(tenant: Tenant): void {
		this.#tenants.push(tenant);
	}

	/**
	 * A tenant has grown or shrunk. If a limit is exceeded, evicts entries before it returns.
	 *
	 * @param entries Number of entries added; negative: removed.
	 * @param bytes Bytes added; negative: removed.
	 */
	changed(entries: number, bytes: number): void {
		this.#entries += entries;
		this.#bytes += bytes;
		while (this.#bytes > this.limits.maxBytes) this.#largest((tenant) => tenant.bytes).evictOldest();
		while (this.#entries > this.limits.maxEntries) this.#largest((tenant) => tenant.size).evictOldest();
	}

	#largest(measure: (tenant: Tenant) => number): Tenant {
		return this.#tenants.reduce((largest, tenant) => (measure(tenant) > measure(largest) ? tenant : largest));
	}
}
