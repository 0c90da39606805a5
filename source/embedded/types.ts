import type {BreakableServer} from '../faults/breakable-server.js';
import type {TopologyKind} from './topology/topology-kind.js';

/** A Redis that this program started and may break. It dies with its parent, even after SIGKILL of the parent. */
export type PrivateRedis = BreakableServer & {
	readonly kind: 'private' | 'built-in';
	/** `redis-server`, `valkey-server` or `built-in server`. */
	readonly name: string;
	readonly version: string;
	/** Set if it consists of several servers. Default: a single server. */
	readonly topology?: TopologyKind;
	/** The reason why the preferred server is not used; undefined if it is. */
	readonly note?: string | undefined;
	/** Calls the listener when the process ends without a request. Returns a function that removes it. */
	onExit(listener: (reason: string) => void): () => void;
	/** Ends the process and removes its directory. May be called twice. */
	close(): Promise<void>;
};

export type PrivateRedisOptions = {
	/**
	 * The server to start. `auto` (default): a binary from PATH, else the built-in server. `binary`: only a binary.
	 * `built-in`: only the built-in server.
	 */
	readonly prefer?: 'auto' | 'binary' | 'built-in';
	/**
	 * The password of clients, in characters that need no encoding in a URL. Default: a random one, since a web page can make a
	 * browser send commands to any port of this machine. Empty: no password.
	 */
	readonly password?: string;
	/** Further command-line arguments of a server binary, other than `--requirepass`. */
	readonly args?: readonly string[];
	/** Start a server binary so that its clock can be set, if libfaketime is installed. Default false: it costs time. */
	readonly setsClock?: boolean;
	/** Milliseconds in which it must answer. Default 5000. */
	readonly startMs?: number;
};
