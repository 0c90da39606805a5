import type {WireRecord} from '../../../drills/wire/wire-record.js';

/** An application that drills run on, as seen on the wire. */
export type DrilledApplication = {
	/** The address it connects to: `localhost:6380`. */
	readonly address: string;
	/**
	 * The address to give it instead of that of its Redis, in words: `redis://localhost:6380 as the only node of its cluster`.
	 */
	readonly entry: string;
	/** True as long as nothing has connected, so that faults would have no effect. */
	readonly isUnused: boolean;
	/** Starts recording the application's behavior, for one drill. */
	record(): WireRecord;
};
