import type {WireReport} from '../drills/wire/wire-report.js';
import type {LiveTraffic, TapSnapshot} from '../tap/snapshot.js';

/** The application behind the tap: all its traffic so far, what it does now, and how it fares in an outage. */
export type ApplicationSnapshot = TapSnapshot & {
	readonly live: LiveTraffic;
	/** The outage that is going on, else the last one; undefined before the first. */
	readonly outage: ApplicationOutage | undefined;
};

/** The application's behavior on its connections from the first fault of an outage on. */
export type ApplicationOutage = {
	/** Unix time in milliseconds at which the first fault began. */
	readonly startedAt: number;
	/** When the last fault was lifted; undefined while one is in force. */
	readonly liftedAt: number | undefined;
	/** Faults that were in force, in the order of their beginning; the same label once. */
	readonly faults: readonly string[];
	/** True once it has recovered, or the time limit has passed: the figures are final. */
	readonly isOver: boolean;
	/** Its connections, reconnects and commands since the outage began; undefined if it had no connection. */
	readonly wire: WireReport | undefined;
};
