import type {Finding} from './findings/finding.js';
import type {BigValue} from './statistics/big-values.js';
import type {PatternCount} from './statistics/pattern-counts.js';
import type {TtlCount} from './statistics/ttl-counts.js';
import type {TrafficSlot} from './timeline/traffic-slot.js';

/**
 * One command by its name. Times are in milliseconds, exact to one sixteenth; blocking commands are left out of them.
 * Null without any.
 */
export type CommandCount = {
	readonly name: string;
	readonly count: number;
	readonly errors: number;
	readonly p50Ms: number | null;
	readonly p99Ms: number | null;
};

/** Connections with the same name (CLIENT SETNAME). */
export type ClientCount = {
	/** Empty for connections without a name. */
	readonly name: string;
	/** Open connections. */
	readonly connections: number;
	readonly commands: number;
};

/** The statistics of the application's traffic since the tap began. Serializable. */
export type TrafficSnapshot = {
	readonly seconds: number;
	readonly connections: {
		readonly open: number;
		readonly opened: number;
		readonly peak: number;
		/** Open connections with a command that waits for its reply. */
		readonly busy: number;
		/** Of these, connections whose oldest command does not block by design, and all of their commands without a reply. */
		readonly waiting: number;
		readonly waitingCommands: number;
		/** Connections that do not speak Redis's protocol: their bytes are passed on, and not read. */
		readonly unreadable: number;
		/** Connections whose AUTH was refused, and those that were reset. */
		readonly refusedLogins: number;
		readonly reset: number;
		/** The most commands of one connection that waited for their replies at the same time: 1 without pipelining. */
		readonly deepestPipeline: number;
		/** Longest current wait of a command, in milliseconds; 0 if none waits. Blocking commands are left out. */
		readonly longestWaitMs: number;
		readonly clients: readonly ClientCount[];
	};
	readonly commands: {
		readonly total: number;
		/** On average. */
		readonly perSecond: number;
		readonly errors: number;
		/**
		 * Errors that no other count includes: clients send `CLIENT SETINFO` to every server when they connect, which Redis
		 * before 7.2 does not know.
		 */
		readonly harmlessErrors: number;
		/**
		 * Redirections by a node of a cluster to another one (MOVED, ASK), to which the client sends the command again. No
		 * count of errors includes them.
		 */
		readonly redirects: number;
		/** Commands that got no reply because their connection closed. */
		readonly lost: number;
		readonly byName: readonly CommandCount[];
	};
	/** Number of errors by their code. */
	readonly errors: Readonly<Record<string, number>>;
	/** Hits and misses, from commands whose replies show them. `hitRatio` is null without any. */
	readonly reads: {readonly hits: number; readonly misses: number; readonly hitRatio: number | null};
	/**
	 * Latency of all commands except blocking ones, from the last byte of the request to the first of the reply. Null without
	 * any.
	 */
	readonly latencyMs: {readonly p50: number | null; readonly p99: number | null; readonly max: number | null};
	/** Bytes from the application, and to it. */
	readonly bytes: {readonly in: number; readonly out: number};
	/** Keys written. `withoutTtl`: by commands after which they do not expire. */
	readonly writes: {readonly total: number; readonly withoutTtl: number; readonly ttls: readonly TtlCount[]};
	readonly patterns: readonly (PatternCount & {readonly hitRatio: number | null})[];
	/** `share` is the share of all keys read. Counts are too low by at most `hotKeysError`. */
	readonly hotKeys: readonly {readonly key: string; readonly reads: number; readonly share: number}[];
	readonly hotKeysError: number;
	/**
	 * The smallest share of the keys that was followed: `1/1` is all; `1/8` is one in eight, besides the frequently used ones,
	 * at a time with more than 20,000 commands a second. Totals include all commands; `patterns` are extrapolated; findings,
	 * hot keys and big values are about the followed keys.
	 */
	readonly sampledKeys: string;
	readonly bigValues: readonly BigValue[];
};

/** Statistics and findings of an application: the fields of the tap's JSON. */
export type TapSnapshot = TrafficSnapshot & {
	/** URL of the server, without credentials. */
	readonly target: string;
	/** The address for the application: `127.0.0.1:6380`. */
	readonly listen: string;
	/** The most serious first. */
	readonly findings: readonly Finding[];
};

/** An open connection of the application. */
export type LiveConnection = {
	/** Its number, from 1. Never used twice. */
	readonly connection: number;
	/** Name that it has set with CLIENT SETNAME or HELLO; empty without one. */
	readonly clientName: string;
	/** The application's end of the connection: `127.0.0.1:53144`; empty if unknown. */
	readonly address: string;
	/** The server that it leads to, by its announced address: `10.0.0.7:6379`. Undefined if there is only one. */
	readonly node?: string | undefined;
	readonly db: number;
	/** Unix time in milliseconds at which it opened. */
	readonly openedAt: number;
	/** Number of commands sent, and of those without a reply yet. */
	readonly commands: number;
	readonly waiting: number;
	/** The command that has waited longest, and its wait in milliseconds; undefined if none waits. */
	readonly oldest: {readonly command: string; readonly waitMs: number; readonly isBlocking: boolean} | undefined;
	/** Longest wait of any command so far in milliseconds, including current waits; blocking commands are left out. */
	readonly longestMs: number;
	/** The most commands that waited at the same time: 1 without pipelining. */
	readonly deepest: number;
	/** True while it is subscribed to channels, or receives all commands through MONITOR: it may be silent for long. */
	readonly isSubscriber: boolean;
};

/** The current traffic of the application. Serializable, bounded. */
export type LiveTraffic = {
	/** The last complete second; undefined before the first. */
	readonly lastSecond: TrafficSlot | undefined;
	/** Open connections, at most 100: those that wait longest first, then those that have sent most. */
	readonly connections: readonly LiveConnection[];
};
