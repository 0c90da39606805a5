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

/** Connections that gave themselves the same name. */
export type ClientCount = {
	/** Empty for connections without a name. */
	readonly name: string;
	/** Open connections. */
	readonly connections: number;
	readonly commands: number;
};

/** Everything that the statistics know of the application's traffic, since the tap began. Serializable. */
export type TrafficSnapshot = {
	readonly seconds: number;
	readonly connections: {
		readonly open: number;
		readonly opened: number;
		readonly peak: number;
		/** Open connections with a command that waits for its reply. */
		readonly busy: number;
		/** Connections that do not speak Redis's protocol: their bytes are passed on, and not read. */
		readonly unreadable: number;
		/** Connections whose AUTH was refused, and those that were reset. */
		readonly refusedLogins: number;
		readonly reset: number;
		/** The most commands of one connection that waited for their replies at the same time: 1 without pipelining. */
		readonly deepestPipeline: number;
		/** Milliseconds that the command waits that waits longest now; 0 if none does. Blocking commands are left out. */
		readonly longestWaitMs: number;
		readonly clients: readonly ClientCount[];
	};
	readonly commands: {
		readonly total: number;
		/** On average. */
		readonly perSecond: number;
		readonly errors: number;
		/**
		 * Errors that are in none of the other counts of errors: clients greet every server by `CLIENT SETINFO`, which one before
		 * Redis 7.2 does not know.
		 */
		readonly harmlessErrors: number;
		/**
		 * Replies of a node of a cluster that another one has the key (MOVED, ASK): the client sends the command there. In no
		 * count of errors.
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
	/** Of all commands but blocking ones: from the last byte of the request to the first of the reply. Null without any. */
	readonly latencyMs: {readonly p50: number | null; readonly p99: number | null; readonly max: number | null};
	/** Bytes from the application, and to it. */
	readonly bytes: {readonly in: number; readonly out: number};
	/** Keys written. `withoutTtl`: by commands after which they do not expire. */
	readonly writes: {readonly total: number; readonly withoutTtl: number; readonly ttls: readonly TtlCount[]};
	readonly patterns: readonly (PatternCount & {readonly hitRatio: number | null})[];
	/** `share` is of all keys read. A count is too low by at most `hotKeysError`. */
	readonly hotKeys: readonly {readonly key: string; readonly reads: number; readonly share: number}[];
	readonly hotKeysError: number;
	/**
	 * The part of the keys that was followed: `1/1` is all, `1/8` one in eight beside those that are used much, for a while
	 * in which there were more than 20,000 commands a second. Totals are of all commands; `patterns` are extrapolated, and
	 * findings, hot keys and big values are of the keys that were followed.
	 */
	readonly sampledKeys: string;
	readonly bigValues: readonly BigValue[];
};

/** Figures and findings of an application: the fields of the JSON of the tap. */
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
	/** Name that it has given itself; empty without one. */
	readonly clientName: string;
	/** The application's end of the connection: `127.0.0.1:53144`; empty if unknown. */
	readonly address: string;
	/** The server that it leads to, as it is announced: `10.0.0.7:6379`. Undefined where there is only one. */
	readonly node?: string | undefined;
	readonly db: number;
	/** Unix time in milliseconds at which it opened. */
	readonly openedAt: number;
	/** Commands that it has sent, and those among them that have no reply yet. */
	readonly commands: number;
	readonly waiting: number;
	/** The command that waits longest, and for how many milliseconds; undefined if none waits. */
	readonly oldest: {readonly command: string; readonly waitMs: number; readonly isBlocking: boolean} | undefined;
	/** Milliseconds that a command has waited at most so far, one that waits now included; blocking ones are left out. */
	readonly longestMs: number;
	/** The most commands that waited at the same time: 1 without pipelining. */
	readonly deepest: number;
	/** True while it is subscribed to channels, or gets every command by MONITOR: it may be silent for long. */
	readonly isSubscriber: boolean;
};

/** The current traffic of the application. Serializable, bounded. */
export type LiveTraffic = {
	/** The last complete second; undefined before the first. */
	readonly lastSecond: TrafficSlot | undefined;
	/** Open connections, at most 100: those that wait longest first, then those that have sent most. */
	readonly connections: readonly LiveConnection[];
};
