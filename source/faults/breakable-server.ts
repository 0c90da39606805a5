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
	/** Why its clock cannot be set, and what to do. Undefined: it can. */
	readonly clockObstacle?: string | undefined;
	/** Sets its clock this many milliseconds ahead of the real time; negative: behind. It stays so after a restart. */
	setClock(offsetMs: number): Promise<void>;
	/** Faults that take more than one server. Undefined: it is alone. */
	readonly together?: TogetherFaults;
	/**
	 * Where it stands for several: the server at an address, always the same object, or without an address the master that
	 * faults are done to. Rejects if there is none.
	 */
	pick?(address: string | undefined): Promise<BreakableServer>;
};

/** Resolves when servers are as they were before. */
export type Undo = () => Promise<void>;

/** Faults that take several servers. One that is missing is not possible with them. */
export type TogetherFaults = {
	/** Makes a replica the master. Resolves when it is. */
	failover(): Promise<void>;
	/** Keeps its replicas, or a replica, from getting what the master writes. */
	lag(): Promise<Undo>;
	/** Cuts it off from all other servers. */
	split?(): Promise<Undo>;
	/** Moves some of its slots to another master. */
	reshard?(): Promise<Undo>;
};
