/** Which way of the connection a fault applies to: `up` is client to server. */
export type Direction = 'up' | 'down' | 'both';

/** Faults that the proxy makes on the connection. All times in milliseconds. */
export type WireFault =
	/** The port is closed: new connections are refused and existing ones are cut. */
	| {readonly kind: 'refuse'}
	/** Existing connections are reset (RST), new ones too, after `afterMs` (default 0). */
	| {readonly kind: 'reset'; readonly afterMs?: number}
	/** Everything is accepted and swallowed; connections that lost bytes are reset on lift. */
	| {readonly kind: 'blackhole'; readonly direction?: Direction}
	/** Everything is held and delivered, in order, on lift. */
	| {readonly kind: 'stall'; readonly direction?: Direction}
	/** New connections open and never get an answer. Existing ones go on. */
	| {readonly kind: 'handshake'}
	| {readonly kind: 'latency'; readonly delayMs: number; readonly jitterMs?: number; readonly direction?: Direction}
	/** Kilobytes a second, each connection. */
	| {readonly kind: 'bandwidth'; readonly kbps: number; readonly direction?: Direction}
	/** Data is cut in slices of about `bytes`, with `delayMs` between them. */
	| {readonly kind: 'slice'; readonly bytes: number; readonly delayMs?: number; readonly direction?: Direction}
	/** Each connection, new or existing, is cut with `probability` (0 to 1) every `everyMs`. */
	| {readonly kind: 'flaky'; readonly probability: number; readonly everyMs?: number}
	/** A connection is closed once `bytes` have passed. */
	| {readonly kind: 'limit'; readonly bytes: number; readonly direction?: Direction}
	/** Commands are answered with an error, frame by frame, with `probability` (default 1); the command does not reach Redis. */
	| {
			readonly kind: 'error';
			readonly error: 'LOADING' | 'READONLY' | 'OOM' | 'CLUSTERDOWN';
			readonly probability?: number;
	  };

/** Faults of the server's own process. Only ever done to a server that this program started. */
export type ServerFault =
	/** SIGKILL; on lift it starts again, empty. */
	| {readonly kind: 'kill'}
	/** SIGSTOP; on lift SIGCONT. */
	| {readonly kind: 'pause'}
	/** Killed and started again at once, empty. Over when it answers. */
	| {readonly kind: 'restart'}
	/** `CONFIG SET maxmemory` below what is used, policy noeviction; restored on lift. */
	| {readonly kind: 'memory-full'};

export type Fault = WireFault | ServerFault;
export type FaultKind = Fault['kind'];

/** A fault that is in force. */
export type ActiveFault = {
	readonly id: number;
	readonly fault: Fault;
	/** Unix time in milliseconds. */
	readonly since: number;
	/** When it lifts by itself, Unix time in milliseconds. */
	readonly until: number | undefined;
	/** One line with its parameters: `latency 200 ms ± 50 ms`. */
	readonly label: string;
};

/** A fault that was in force. */
export type PastFault = ActiveFault & {
	/** When it stopped acting, Unix time in milliseconds. */
	readonly liftedAt: number;
};
