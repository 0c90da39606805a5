import type {ConnectionOptions} from 'node:tls';
import type {ActiveFault, WireFault} from '../faults/fault.js';

/** The address that the proxy connects to: a TCP port, or a unix socket. */
export type ProxyTarget = ({readonly host: string; readonly port: number} | {readonly path: string}) & {
	/** TLS options for the connections to the server. Default: the bytes of clients are forwarded as they are. */
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
	/** A connection was refused because the limit is reached. Emitted once until there is room again. */
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
 * Observes the bytes that one client sends and receives, with the effects of faults. Times are those of `performance.now()` at
 * which the bytes arrived at the proxy. The buffer is reused after the call: copy bytes to keep them.
 */
export type LinkObserver = {
	/** Bytes that the client has sent, before any fault acts on them. */
	request(bytes: Buffer, at: number): void;
	/** Bytes that are sent to the client, after all faults. */
	reply(bytes: Buffer, at: number): void;
	/** Both sides are closed. Called once. */
	closed(end: LinkEnd): void;
};

/** The target of a connection. */
export type ProxyLead = {
	readonly target: ProxyTarget;
	/** The node of the target, as in `Fault.node`. Undefined if only faults without a node affect it. */
	readonly node: string | undefined;
};

/** A host and a port that a client can connect to. */
export type Endpoint = {readonly host: string; readonly port: number};

/**
 * Returns the endpoint that clients get instead of the address of a server.
 *
 * @param address The address that servers announce: `10.0.0.7:6379`, `fe80::7:6379`.
 * @param byIp The address of the same server with its IP address, if both are announced: `node.example:6379`, and
 * `10.0.0.7:6379`.
 */
export type RewriteAddress = (address: string, byIp?: string) => Endpoint;

export type FaultProxyOptions = {
	/** Undefined if only further ports have a target: connections to the proxy's own port are then reset. */
	readonly target?: ProxyTarget | undefined;
	/** Address to listen on. Default: a free port on loopback. */
	readonly listen?: {readonly host: string; readonly port: number};
	/** Connections of clients at the same time, on all ports. Further ones are refused. Default 10,000. */
	readonly maxConnections?: number;
	/** Called for each connection of a client, with its address: `127.0.0.1:53144`. */
	readonly observe?: (address: string) => LinkObserver;
	/**
	 * Called with the first bytes of each connection. If it returns bytes, they are sent to the client instead of those of the
	 * server, and the connection is closed.
	 */
	readonly answerFirst?: (bytes: Buffer) => Buffer | undefined;
	readonly onEvent?: (event: FaultProxyEvent) => void;
	/** Random numbers from 0 to 1. Default `Math.random`. */
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
	/** Accepts no more connections. Open ones stay open. */
	close(): void;
};

/** A TCP proxy on loopback that can break the connections through it. */
export type FaultProxy = {
	readonly host: string;
	readonly port: number;
	/**
	 * Starts a fault at once, on existing and new connections. Several faults add up.
	 *
	 * @param options `forMs`: milliseconds after which it lifts by itself.
	 */
	add(fault: WireFault, options?: {readonly forMs?: number}): ActiveWireFault;
	/** Returns false if the fault is not active. */
	lift(id: number): boolean;
	/** Lifts all faults. */
	heal(): void;
	/** Active faults, in the order in which they were added. A new array after each change. */
	active(): readonly ActiveWireFault[];
	/** Number of connected clients. */
	connections(): number;
	/** Number of connections that clients have opened so far, on all ports. */
	accepted(): number;
	/** Bytes received so far, from clients and from the server. */
	bytes(): {readonly up: number; readonly down: number};
	/** Calls the listener after every change of `active()`. Returns a function that removes the listener. */
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
