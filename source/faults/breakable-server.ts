/** The server process that server faults are done to. `PrivateRedis` is one. */
export type BreakableServer = {
	/** Name in messages: `redis-server`. */
	readonly name: string;
	readonly host: string;
	readonly port: number;
	/** With its password. */
	readonly url: string;
	/** Process id; undefined while no process runs. Changes on `restart`. */
	readonly pid: number | undefined;
	/** SIGKILL. Its data is gone. */
	kill(): Promise<void>;
	/** Starts it again on the same port, empty; kills it first if it runs. Resolves when it answers. */
	restart(): Promise<void>;
	/** SIGSTOP. */
	pause(): void;
	/** SIGCONT. */
	resume(): void;
	/** Where it is one of several: chooses the one that the next fault is done to. */
	aim?(): Promise<void>;
	/** Makes its replica the master. Resolves when it is. Undefined: it has no replica. */
	failover?(): Promise<void>;
};
