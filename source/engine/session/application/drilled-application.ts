import type {WireRecord} from '../../../drills/wire/wire-record.js';

/** An application that drills run on, at the wire. */
export type DrilledApplication = {
	/** Where it connects: `localhost:6380`. */
	readonly address: string;
	/** The address that it gets in place of its Redis, in words: `redis://localhost:6380 as the only node of its cluster`. */
	readonly entry: string;
	/** True as long as nothing has connected, so that no fault reaches anything. */
	readonly isUnused: boolean;
	/** A new record of what the application does, for one drill. */
	record(): WireRecord;
};
