import type {CommandCounter, ServerCounters} from '../../../source/inspect/server/info/counters.js';

/** Counters of an idle server at a second, with some of them changed. */
export const countersAt = (second: number, changed: Partial<ServerCounters> = {}): ServerCounters => ({
	at: second * 1000,
	runId: 'a',
	hits: 0,
	misses: 0,
	bytesIn: 0,
	bytesOut: 0,
	evicted: 0,
	expired: 0,
	connections: 0,
	rejectedConnections: 0,
	cpuSeconds: 0,
	mainThreadSeconds: 0,
	commands: new Map(),
	errors: new Map(),
	latency: new Map(),
	clients: 3,
	blockedClients: 0,
	usedMemory: 1_000_000,
	maxMemory: 0,
	keys: 100,
	expires: 40,
	...changed,
});

export const commandOf = (calls: number, microseconds: number, failed = 0): CommandCounter => ({
	calls,
	microseconds,
	rejected: 0,
	failed,
});
