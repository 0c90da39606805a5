/** Attempts of an application to replace connections that a fault has broken. */
export type ReconnectReport = {
	/**
	 * Attempts that reached the proxy. Attempts while its port was closed are refused by the operating system, which does
	 * not report them: see `unseenMs`.
	 */
	readonly attempts: number;
	/** Attempts among them that ended without an answer to any command. */
	readonly failed: number;
	/** The most attempts within a second. */
	readonly perSecond: number;
	/**
	 * Milliseconds from the end of a connection to the next attempt to replace it; null if no pause is known. Connections
	 * are assumed to be replaced in the order in which they ended.
	 */
	readonly pauseMs: {
		/** The shortest pause. */
		readonly shortest: number;
		/** The median of the pauses. */
		readonly median: number;
	} | null;
	/** True if the pauses grow from one attempt to the next; null if that is unknown: too few in a row, or too late. */
	readonly backOff: boolean | null;
	/** Milliseconds during which the port was closed (`refuse`). */
	readonly unseenMs: number;
};

/** The longest wait of a command of one name, on connections of one name. */
export type SlowCommand = {
	/** `GET`, `CLIENT LIST`. */
	readonly command: string;
	/** Name that the connection has given itself; empty without one. */
	readonly connection: string;
	/** Milliseconds from its last byte to the first byte of the reply, or to its end without one. */
	readonly ms: number;
	/** Milliseconds from the beginning of the drill until it was sent; negative if that was before. */
	readonly atMs: number;
	/** `lost`: its connection ended before the reply. `waiting`: it had no reply yet when the drill ended. */
	readonly end: 'answered' | 'error' | 'lost' | 'waiting';
};

/**
 * The behavior of an application during a drill, read off its connections through the proxy. Commands that set up a
 * connection (AUTH, HELLO, CLIENT, SELECT, INFO, PING and the like) are left out of every figure about commands. No
 * value of a key, and no name of one.
 */
export type WireReport = {
	/** Numbers of the application's connections. */
	readonly connections: {
		/** Open when the first fault began; at the end of a drill without faults. */
		readonly before: number;
		/** The fewest and the most that were open at a time while a fault was active; null without faults. */
		readonly during: {
			/** The fewest. */
			readonly fewest: number;
			/** The most. */
			readonly most: number;
		} | null;
		/** Open at the end. */
		readonly after: number;
		/** Opened during the drill, attempts that failed included. */
		readonly opened: number;
		/** Connections that had worked and ended since the first fault began, unless the application closed them in order. */
		readonly broken: number;
		/**
		 * Forwarded without being read, since they use another protocol, such as TLS. Includes those opened before the
		 * drill.
		 */
		readonly unreadable: number;
	};
	/** Attempts to replace broken connections. */
	readonly reconnects: ReconnectReport;
	/** Broken connections that had no successor when the drill ended, so that fewer were open than before the first fault. */
	readonly notReturned: number;
	/** Commands that ended during the drill, however they did. */
	readonly commands: number;
	/** Commands whose connection ended before their reply. */
	readonly lostCommands: number;
	/**
	 * Commands that looked like one sent before (same name, first key, length and database): on another connection after it
	 * was lost, or on the same one after an error, within a second. An upper bound: it may be another caller's.
	 */
	readonly sentAgain: {
		/** On another connection, after a lost one. */
		readonly afterLoss: number;
		/** On the same connection, after an error. */
		readonly afterError: number;
	};
	/** Number of error replies by their code: `LOADING`. */
	readonly errors: Readonly<Record<string, number>>;
	/** Milliseconds that a command waited at most, commands that block on purpose left out; null without commands. */
	readonly longestWaitMs: number | null;
	/** The longest first. */
	readonly slowest: readonly SlowCommand[];
	/** Milliseconds from when the last fault was lifted until a command was answered without an error; null if none was. */
	readonly recoveryMs: number | null;
};
