import type {ConnectionOptions} from 'node:tls';
import type {ActiveFault, WireFault} from '../faults/fault.js';

/** The address that the proxy connects to: a TCP port, or a unix socket. */
export type ProxyTarget = ({readonly host: string; readonly port: number} | {readonly path: string}) & {
	/** The proxy speaks TLS to the server, with these options. Default: it passes on what clients send. */
	readonly tls?: ConnectionOptions;
};

export type ActiveWireFault = ActiveFault<WireFault>;

export type FaultProxyEvent =
	| {readonly type: 'added' | 'lifted'; readonly fault: ActiveWireFault}
	/** A connection does not speak the Redis protocol, so `error` cannot act on it, and no addresses are rewritten. */
	| {readonly type: 'opaque'}
	/**
	 * A reply that names servers is longer than this many bytes, and was forwarded unchanged: a client that follows it
	 * bypasses the proxy. Once for each connection.
	 */
	| {readonly type: 'long reply'; readonly limit: number}
	/** A connection was refused, because there are as many as the proxy takes. Once, until there are fewer again. */
	| {readonly type: 'full'; readonly limit: number}
	/** Another program took the port while `refuse` was active. The proxy keeps trying to open it. */
	| {readonly type: 'port taken'; readonly error: Error};

/** The end of a connection through the proxy. `proxy`: a fault did it, or the proxy was closed. */
export type LinkEnd = {
	/** The side that ended it first. */
	readonly by: 'client' | 'server' | 'proxy';
	/** True if it was reset (RST) instead of closed (FIN). */
	readonly isReset: boolean;
};

/**
 * Told of everything that one client sends and gets: what the client sees, the faults included. Times are those of
 * `performance.now()`, when the bytes arrived here; they may have been passed on since. The memory of the bytes is
 * reused afterwards: copy bytes to keep them.
 */
export type LinkObserver = {
	/** Bytes that the client has sent, before any fault acts on them. */
	request(bytes: Buffer, at: number): void;
	/** Bytes that are on their way to the client, after all faults. */
	reply(bytes: Buffer, at: number): void;
	/** Both sides are closed. Called once. */
	closed(end: LinkEnd): void;
};

/** Where a connection leads. */
export type ProxyLead = {
	readonly target: ProxyTarget;
	/** The node that the target is, in the words of `Fault.node`. Undefined: only faults that name no node act on it. */
	readonly node: string | undefined;
};

/** A host and a port that a client can connect to. */
export type Endpoint = {readonly host: string; readonly port: number};

/**
 * The endpoint that clients are told in place of the address of a server.
 *
 * @param address As servers tell it: `10.0.0.7:6379`, `fe80::7:6379`.
 * @param byIp The same server with its IP address, where they tell both: `node.example:6379`, and `10.0.0.7:6379`.
 */
export type RewriteAddress = (address: string, byIp?: string) => Endpoint;

export type FaultProxyOptions = {
	/** Undefined: connections to its own port are reset, and further ports lead somewhere. */
	readonly target?: ProxyTarget | undefined;
	/** Address to listen on. Default: a free port on loopback. */
	readonly listen?: {readonly host: string; readonly port: number};
	/** Connections of clients at the same time, on all ports. Further ones are refused. Default 10,000. */
	readonly maxConnections?: number;
	/** Called for each connection of a client, with its address: `127.0.0.1:53144`. */
	readonly observe?: (address: string) => LinkObserver;
	/**
	 * Called with the first bytes of each connection. Bytes that it returns are sent to the client in the place of
	 * the server, and end the connection.
	 */
	readonly answerFirst?: (bytes: Buffer) => Buffer | undefined;
	readonly onEvent?: (event: FaultProxyEvent) => void;
	/** Source of chance: returns a number from 0 to 1. Default `Math.random`. */
	readonly random?: () => number;
};

/** Settings of another port of a proxy. */
export type ProxyPortOptions = Pick<FaultProxyOptions, 'listen' | 'observe' | 'answerFirst'> &
	Pick<ProxyTarget, 'tls'> & {
		/** Called for each connection; returns its target, or undefined to reset it. Default: the target of the proxy. */
		readonly lead?: () => ProxyLead | undefined;
		/**
		 * Replaces the addresses of servers in replies to clients of this port (`MOVED`, `CLUSTER SLOTS`, `SENTINEL MASTER`
		 * …). A host that means every interface (`0.0.0.0`, `::`) becomes the one that the client has connected to.
		 * Default: replies are forwarded unchanged.
		 */
		readonly rewrite?: RewriteAddress | undefined;
	};

/** Another port of a proxy, whose connections have the same faults. */
export type ProxyPort = {
	readonly host: string;
	readonly port: number;
	/** Number of connections that clients have opened on it so far. */
	accepted(): number;
	/** Takes no more connections. Open ones stay. */
	close(): void;
};

/** A TCP proxy on loopback that breaks the connections through it, and nothing else. */
export type FaultProxy = {
	readonly host: string;
	readonly port: number;
	/**
	 * Starts a fault at once, on existing and new connections. Several faults add up.
	 *
	 * @param options `forMs`: milliseconds after which it lifts by itself.
	 */
	add(fault: WireFault, options?: {readonly forMs?: number}): ActiveWireFault;
	/** Returns false if the fault is not in force. */
	lift(id: number): boolean;
	/** Lifts all faults. */
	heal(): void;
	/** Faults in force, in the order in which they were added. A new array after each change. */
	active(): readonly ActiveWireFault[];
	/** Number of connected clients. */
	connections(): number;
	/** Number of connections that clients have opened so far, on all ports. */
	accepted(): number;
	/** Bytes received so far, from clients and from the server. */
	bytes(): {readonly up: number; readonly down: number};
	/** Calls the listener after every change of `active()`. Returns a function that removes it. */
	onChange(listener: (active: readonly ActiveWireFault[]) => void): () => void;
	/**
	 * Opens another port, which closes with the proxy. Rejects if the address cannot be listened on.
	 *
	 * @param options `listen`, `observe` and `answerFirst` as in `FaultProxyOptions`, and `tls` as in `ProxyTarget`, for the
	 * connections of this port.
	 */
	openPort(options: ProxyPortOptions): Promise<ProxyPort>;
	/** Closes its ports and resets every connection. */
	close(): Promise<void>;
};
