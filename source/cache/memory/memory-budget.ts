export type MemoryLimits = {readonly maxEntries: number; readonly maxBytes: number};

/** Whoever takes room of a budget. */
export type Tenant = {
	readonly size: number;
	readonly bytes: number;
	/** Gives up what it has not used for the longest time. */
	evictOldest(): void;
};

/** What all namespaces of a cache may keep in memory together. When it is too much, the one that has most gives some up. */
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

	/** A tenant holds so many more, or fewer. Room is made before this returns. */
	changed(entries: number, bytes: number): void {
		this.#entries += entries;
		this.#bytes += bytes;
		while (this.#bytes > this.limits.maxBytes) this.#largest((tenant) => tenant.bytes).evictOldest();
		while (this.#entries > this.limits.maxEntries) this.#largest((tenant) => tenant.size).evictOldest();
	}

	#largest(of: (tenant: Tenant) => number): Tenant {
		return this.#tenants.reduce((largest, tenant) => (of(tenant) > of(largest) ? tenant : largest));
	}
}
