/** The work that this program has caused on a server: commands by name, lookups by outcome, errors by their first word. */
export type OwnCommands = {
	readonly calls: ReadonlyMap<string, number>;
	readonly hits: number;
	readonly misses: number;
	readonly errors: ReadonlyMap<string, number>;
	/** Number of refused and failed commands, without administration commands. */
	readonly failed: number;
};

export const noOwnCommands: OwnCommands = {calls: new Map(), hits: 0, misses: 0, errors: new Map(), failed: 0};

type Counts = ReadonlyMap<string, number>;

export function addCounts(a: Counts, b: Counts): Counts {
	const sum = new Map(a);
	for (const [name, count] of b) sum.set(name, (sum.get(name) ?? 0) + count);
	return sum;
}

export const addOwn = (a: OwnCommands, b: OwnCommands): OwnCommands => ({
	calls: addCounts(a.calls, b.calls),
	hits: a.hits + b.hits,
	misses: a.misses + b.misses,
	errors: addCounts(a.errors, b.errors),
	failed: a.failed + b.failed,
});
