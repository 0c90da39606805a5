import type {ActiveWireFault} from '../proxy/types.js';

/*
 * The application's traffic as the tap reads it off the wire. All types here are immutable, contain no values of keys and no
 * secrets, and are bounded in size.
 *
 * Times are those of `performance.now()`, in milliseconds, of the tap's thread. All commands that arrive in one chunk
 * of bytes have the same time.
 */

/** Most key names in a `CommandEvent`. `keyCount` includes the others. */
export const maxEventKeys = 512;

/** Bytes that are kept of the name of a key. Longer names are cut off there. */
export const maxKeyBytes = 256;

/** Bytes that are kept of the name of a connection. */
export const maxNameBytes = 64;

/**
 * The effect of a command on the keys that it names:
 *
 * - `read`: leaves their values as they are; GETEX may change when they expire
 * - `write`: creates or changes them
 * - `delete`: removes them: DEL, UNLINK, GETDEL
 * - `expire`: changes only when they expire: EXPIRE, PERSIST
 * - `script`: unknown, a script or function decides
 * - `other`: concerns no keys, or no stored ones: PING, PUBLISH, FLUSHALL, and commands the tap does not know
 */
export type CommandEffect = 'read' | 'write' | 'delete' | 'expire' | 'script' | 'other';

/**
 * The TTL that a command gives to its keys:
 *
 * - a number: milliseconds from when it was sent; not positive for a time that has passed
 * - `none`: they do not expire: SET without EX, MSET, PERSIST
 * - `kept`: existing keys keep their TTL, and new keys have none: HSET, INCR, SET with KEEPTTL
 * - `unknown`: a script, or an argument that is not a number
 */
export type GivenTtl = number | 'none' | 'kept' | 'unknown';

/**
 * Outcome of a command:
 *
 * - `ok`: with a reply that is no error
 * - `error`: with an error, whose code is in `error`
 * - `redirected`: by a node of a cluster to another one (MOVED, ASK), to which the client sends it again
 * - `silent`: without a reply, because of CLIENT REPLY
 * - `discarded`: its transaction was not executed, so that it had no effect
 * - `lost`: the connection closed before its reply
 */
export type CommandResult = 'ok' | 'error' | 'redirected' | 'silent' | 'discarded' | 'lost';

/**
 * One command of the application and the relevant parts of its reply, reported once the reply is complete. A command of a
 * transaction is reported when the transaction ends, before the EXEC or DISCARD that ends it, with its own part of EXEC's
 * reply.
 */
export type CommandEvent = {
	/** Number of the connection, from 1. Never used twice. */
	readonly connection: number;
	/** Name that the connection has given itself by CLIENT SETNAME or HELLO; empty without one. */
	readonly clientName: string;
	/** Database of the connection when the command was sent. */
	readonly db: number;
	/** In upper case. A container command is followed by its subcommand after a space: `CLIENT LIST`, `SCRIPT LOAD`. */
	readonly command: string;
	/** Number of arguments after the name of the command. */
	readonly argumentCount: number;
	/**
	 * Names of the keys, in the order of the command, one character for each byte (latin1): `keyText` makes them
	 * readable. At most `maxEventKeys`, each at most `maxKeyBytes` long. With `--hide-keys` these are still the real
	 * names: hide them where they are shown.
	 */
	readonly keys: readonly string[];
	/** Number of keys that the command names, including those that are not in `keys`. */
	readonly keyCount: number;
	/**
	 * Number of keys of the application that each of `keys` represents, including itself: above 1 only at rates at which
	 * not all keys are followed. A command whose only key is not followed has no `keys`.
	 */
	readonly keyWeight: number;
	readonly effect: CommandEffect;
	/** Undefined if the command concerns no TTL: reads, deletes, and `other` commands. */
	readonly ttlMs: GivenTtl | undefined;
	/**
	 * Hits and misses among the requested keys. Both are 0 if the reply does not show them (STRLEN, EXISTS) or is an
	 * error. HGET misses if the field does not exist, HMGET if none of the fields does.
	 */
	readonly hits: number;
	readonly misses: number;
	/** The keys of `keys` that did not exist. The same array as `keys` if none existed. */
	readonly missedKeys: readonly string[];
	/** Bytes of the request. */
	readonly requestBytes: number;
	/**
	 * Bytes of the reply, without preceding pushes. In a transaction: the bytes of QUEUED; those of the results count for EXEC.
	 */
	readonly replyBytes: number;
	/** Time of the first byte of the request, of its last one, and of the first byte of the reply. */
	readonly startedAt: number;
	readonly sentAt: number;
	/** Undefined if there is no reply. In a transaction: the time of QUEUED. */
	readonly repliedAt: number | undefined;
	readonly result: CommandResult;
	/** Code of the error, the first word of its text: `WRONGTYPE`, `NOAUTH`. Undefined for redirects. */
	readonly error: string | undefined;
	/** True for a command between MULTI and EXEC, excluding these two. */
	readonly inTransaction: boolean;
	/** True if it may wait by design (BLPOP, XREAD with BLOCK, WAIT), so that its latency tells nothing about the server. */
	readonly isBlocking: boolean;
	/** Commands of the connection without a reply when this one was sent, itself included: 1 without pipelining. */
	readonly depth: number;
};

type Of<Type extends string> = {
	readonly type: Type;
	/** Number of the connection. */
	readonly connection: number;
	/** Time of the event. */
	readonly at: number;
};

/** A change of a connection of the application. */
export type ConnectionEvent =
	| Of<'opened'>
	/** The connection has set its name, or removed it (empty). */
	| (Of<'named'> & {readonly name: string})
	/** AUTH or HELLO was answered with an error. */
	| (Of<'auth failed'> & {readonly error: string})
	/** The connection uses another protocol: its bytes are forwarded, and no more commands are reported. */
	| (Of<'unreadable'> & {readonly reason: string})
	| (Of<'closed'> & {
			/** The side that ended it first. `tap`: a fault, or the end of the tap. */
			readonly by: 'application' | 'server' | 'tap';
			/** True if it was reset (RST) instead of closed (FIN). */
			readonly isReset: boolean;
			/** Time at which it opened. */
			readonly openedAt: number;
			/** Commands that it has sent. */
			readonly commands: number;
			/** Commands among them that got no reply. Each was reported as `lost` just before. */
			readonly lost: number;
	  });

/** An open connection, for observers that detect missing replies. */
export type OpenConnection = {
	readonly connection: number;
	readonly clientName: string;
	readonly db: number;
	/** Where the application connected from: `127.0.0.1:53144`. */
	readonly address: string;
	/** The server that it leads to, by its announced address: `10.0.0.7:6379`. Undefined if there is only one. */
	readonly node?: string | undefined;
	readonly openedAt: number;
	/** Commands that it has sent. */
	readonly commands: number;
	/** The most commands that waited for their replies at the same time: 1 without pipelining. */
	readonly deepest: number;
	/** Longest wait of a command for its reply so far, in milliseconds; blocking commands are left out. */
	readonly longestMs: number;
	/** Commands without a reply. */
	readonly waiting: number;
	/** The command that has waited longest, and the time of its last byte. Undefined if none waits. */
	readonly oldest: {readonly command: string; readonly sentAt: number; readonly isBlocking: boolean} | undefined;
	/** True while it is subscribed to channels, or receives all commands through MONITOR: it may be silent for long. */
	readonly isSubscriber: boolean;
};

/**
 * Observes the application's traffic, in order. Called for each command, so an observer must be fast (a microsecond)
 * and keep its memory bounded. It must not throw.
 */
export type TrafficObserver = {
	onCommand(event: CommandEvent): void;
	onConnection?(event: ConnectionEvent): void;
	/** Called about once a second. */
	onTick?(now: number, connections: readonly OpenConnection[]): void;
	/**
	 * The tap's own thread was blocked for this time. Reported after the commands whose replies seem late because of it.
	 */
	onStall?(from: number, to: number): void;
	/** The active faults of the connections have changed. */
	onFaults?(now: number, active: readonly ActiveWireFault[]): void;
	/** A drill has started or stopped breaking the connections or the server. */
	onDrillFault?(now: number, isActive: boolean): void;
};
