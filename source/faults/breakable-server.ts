/** The server process that server faults affect. `PrivateRedis` is one. */
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
	/** The reason why its clock cannot be set, with advice. Undefined if it can. */
	readonly clockObstacle?: string | undefined;
	/** Sets its clock this many milliseconds ahead of the real time; negative: behind. It stays so after a restart. */
	setClock(offsetMs: number): Promise<void>;
	/** Faults that involve several servers. Undefined for a single server. */
	readonly together?: TogetherFaults;
	/**
	 * If it represents several servers: the server at an address (always the same object), or without an address the master
	 * that faults affect. Rejects if there is none.
	 */
	pick?(address: string | undefined): Promise<BreakableServer>;
};

/** Undoes a fault. Resolves when the servers have their previous state. */
export type Undo = () => Promise<void>;

/** Faults that involve several servers. A missing one is not possible with these servers. */
export type TogetherFaults = {
	/** Promotes a replica. Resolves when it is the master. */
	failover(): Promise<void>;
	/** Stops the replication to its replicas, or to the replica itself. */
	lag(): Promise<Undo>;
	/** Cuts it off from all other servers. */
	split?(): Promise<Undo>;
	/** Moves some of its slots to another master. */
	reshard?(): Promise<Undo>;
};
