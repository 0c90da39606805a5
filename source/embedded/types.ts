/** A Redis that this program started and may break. Dies with its parent, also after SIGKILL of the parent. */
export type PrivateRedis = {
	readonly kind: 'private' | 'built-in';
	/** `redis-server`, `valkey-server` or `built-in server`. */
	readonly name: string;
	readonly version: string;
	readonly host: string;
	readonly port: number;
	/** Of the process now; changes on `restart`. */
	readonly pid: number | undefined;
	/** SIGKILL. Data is gone. */
	kill(): Promise<void>;
	/** Starts it again on the same port, empty, killing it first if need be. Resolves when it answers PING. */
	restart(): Promise<void>;
	/** SIGSTOP. */
	pause(): void;
	/** SIGCONT. */
	resume(): void;
	/** Called when the process ended and nobody asked for it. */
	onExit(listener: (reason: string) => void): () => void;
	/** Ends the process and removes its directory. Safe to call twice. */
	close(): Promise<void>;
};

export type PrivateRedisOptions = {
	/** `auto` (default): a binary from PATH, else the built-in server. `binary`: only a binary. `built-in`: only the built-in server. */
	readonly prefer?: 'auto' | 'binary' | 'built-in';
	/** Further arguments for a real server's command line. */
	readonly args?: readonly string[];
	/** Milliseconds until it must answer PING. Default 5000. */
	readonly startMs?: number;
};
