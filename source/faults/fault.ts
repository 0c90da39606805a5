/** Direction of a connection that a fault applies to. `up` is client to server. */
export type Direction = 'up' | 'down' | 'both';

/** One node of a cluster, or of the servers behind Sentinel. */
type OnNode = {
	/**
	 * Its number in the Pool view, its address, or one of `nodeRoles`. Undefined: all nodes for a wire fault, the first master
	 * for a server fault.
	 */
	readonly node?: string;
	/** Its number, once `node` is its address. */
	readonly nodeNumber?: number | undefined;
};

/** Names of nodes by their current role: the first master, and a replica of it. */
export const nodeRoles = ['master', 'replica'] as const;

/** Faults that the proxy causes on connections. All times are in milliseconds. */
export type WireFault = OnNode & WireEffect;

type WireEffect =
	/** The port is closed: new connections are refused and existing ones are closed. */
	| {readonly kind: 'refuse'}
	/** Existing and new connections are reset (RST) after `afterMs`, default 0. */
	| {readonly kind: 'reset'; readonly afterMs?: number}
	/** Bytes are accepted and dropped. Connections that lost any are reset when the fault is lifted. */
	| {readonly kind: 'blackhole'; readonly direction?: Direction}
	/** Bytes are held, and delivered in order when the fault is lifted. */
	| {readonly kind: 'stall'; readonly direction?: Direction}
	/** New connections open and never get an answer. Existing ones keep working. */
	| {readonly kind: 'handshake'}
	/** Bytes arrive later by `delayMs` ± up to `jitterMs`, in order. */
	| {readonly kind: 'latency'; readonly delayMs: number; readonly jitterMs?: number; readonly direction?: Direction}
	/** Each connection carries at most `kbps` kilobytes (1000 bytes) a second. */
	| {readonly kind: 'bandwidth'; readonly kbps: number; readonly direction?: Direction}
	/** Data is cut into slices of about `bytes`, sent `delayMs` apart. */
	| {readonly kind: 'slice'; readonly bytes: number; readonly delayMs?: number; readonly direction?: Direction}
	/** Every `everyMs`, each connection is reset with `probability`, 0 to 1. */
	| {readonly kind: 'flaky'; readonly probability: number; readonly everyMs?: number}
	/** A connection is closed once `bytes` have passed. */
	| {readonly kind: 'limit'; readonly bytes: number; readonly direction?: Direction}
	/** Commands are answered with an error, with `probability` (default 1). Such a command does not reach Redis. */
	| {
			readonly kind: 'error';
			readonly error: 'LOADING' | 'READONLY' | 'OOM' | 'CLUSTERDOWN';
			readonly probability?: number;
	  };

/** Faults of the server's own process. Only possible on a server that this program started. */
export type ServerFault = OnNode & ServerEffect;

type ServerEffect =
	/** SIGKILL. Lifting it starts the server again, empty. */
	| {readonly kind: 'kill'}
	/** SIGSTOP. Lifting it sends SIGCONT. */
	| {readonly kind: 'pause'}
	/** The server is killed and started again at once, empty. Ends as soon as it answers. */
	| {readonly kind: 'restart'}
	/** `maxmemory` is set below the used memory, with the policy noeviction. Both are restored when the fault is lifted. */
	| {readonly kind: 'memory-full'}
	/** Its clock is `offsetMs` ahead of the real time; negative: behind. Only possible on a server whose clock can be set. */
	| {readonly kind: 'clock'; readonly offsetMs: number}
	/**
	 * A replica is promoted in place of its master. Ends when that is done. Only possible on a private cluster or Sentinel
	 * set-up.
	 */
	| {readonly kind: 'failover'}
	/** The replicas of a master, or one of them, receive nothing from it. Only possible if there are replicas. */
	| {readonly kind: 'lag'}
	/**
	 * A master is cut off from its Sentinels and its replica, but not from its clients. Only possible on a private Sentinel
	 * set-up.
	 */
	| {readonly kind: 'split'}
	/** Slots move to another master, and back when the fault is lifted. Only possible on a private cluster. */
	| {readonly kind: 'reshard'};

export type Fault = WireFault | ServerFault;
export type FaultKind = Fault['kind'];

/** The fault of a kind. */
export type FaultOf<Kind extends FaultKind> = Extract<Fault, {kind: Kind}>;

/** An active fault. */
export type ActiveFault<Some extends Fault = Fault> = {
	/** Unique in this process. */
	readonly id: number;
	readonly fault: Some;
	/** Unix time in milliseconds. */
	readonly since: number;
	/** Unix time in milliseconds at which it ends by itself. */
	readonly until: number | undefined;
	/** One line with its parameters: `latency 200 ms ± 50 ms`. */
	readonly label: string;
};

/** A fault that has ended. */
export type PastFault = ActiveFault & {
	/** Unix time in milliseconds at which it ended. */
	readonly liftedAt: number;
};
