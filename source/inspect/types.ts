/** What the server says of itself. */
export type ServerSnapshot = {
	/** When the server said so, Unix time in milliseconds. */
	readonly at: number;
	readonly role: string;
	readonly uptimeSeconds: number;
	readonly clients: number;
	readonly usedMemory: number;
	readonly maxMemory: number;
	readonly opsPerSecond: number;
	readonly keys: number;
	readonly expiredKeys: number;
	readonly evictedKeys: number;
	readonly keyspaceHits: number;
	readonly keyspaceMisses: number;
	/** All of INFO, by section. */
	readonly info: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
