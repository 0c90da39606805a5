/** The statistics of INFO. Counters only grow, until CONFIG RESETSTAT. */
export class Stats {
	hits = 0;
	misses = 0;
	expired = 0;
	evicted = 0;
	connections = 0;
	rejectedConnections = 0;
	commands = 0;
	netInput = 0;
	netOutput = 0;
	reads = 0;
	writes = 0;
	errorReplies = 0;
	/** Number of error replies by code: `ERR`, `WRONGTYPE`. */
	readonly errors = new Map<string, number>();
	peakMemory = 0;
	/** Commands per second, over about the last 1.5 seconds. */
	opsPerSecond = 0;
	#samples: number[] = [];
	#sampledAt = 0;
	#sampledCommands = 0;

	countError(text: string): void {
		this.errorReplies++;
		const code = /^[A-Z]+(?= )/.exec(text)?.[0] ?? 'ERR';
		// Bounded, because scripts can invent codes.
		if (this.errors.size < 128 || this.errors.has(code)) this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
	}

	/** Call it ten times a second. */
	sample(now: number): void {
		const elapsed = now - this.#sampledAt;
		if (elapsed <= 0) return;
		if (this.#sampledAt !== 0) {
			this.#samples = [...this.#samples.slice(-15), ((this.commands - this.#sampledCommands) * 1000) / elapsed];
			this.opsPerSecond = Math.round(this.#samples.reduce((sum, rate) => sum + rate, 0) / this.#samples.length);
		}
		this.#sampledAt = now;
		this.#sampledCommands = this.commands;
	}

	reset(): void {
		this.hits = 0;
		this.misses = 0;
		this.expired = 0;
		this.evicted = 0;
		this.connections = 0;
		this.rejectedConnections = 0;
		this.commands = 0;
		this.#sampledCommands = 0;
		this.netInput = 0;
		this.netOutput = 0;
		this.reads = 0;
		this.writes = 0;
		this.errorReplies = 0;
		this.errors.clear();
		this.peakMemory = 0;
	}
}
