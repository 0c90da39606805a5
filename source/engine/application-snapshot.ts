import type {WireReport} from '../drills/wire/wire-report.js';
import type {LiveTraffic, TapSnapshot} from '../tap/snapshot.js';

/** The application behind the tap: all its traffic so far, its current activity, and its behavior in an outage. */
export type ApplicationSnapshot = TapSnapshot & {
	readonly live: LiveTraffic;
	/** The current outage, else the last one; undefined before the first. */
	readonly outage: ApplicationOutage | undefined;
};

/** The application's behavior on its connections from the first fault of an outage on. */
export type ApplicationOutage = {
	/** Unix time in milliseconds at which the first fault began. */
	readonly startedAt: number;
	/** Unix time in milliseconds at which the last fault was lifted; undefined while one is active. */
	readonly liftedAt: number | undefined;
	/** Labels of its faults, without repetitions, in the order in which they began. */
	readonly faults: readonly string[];
	/** True once the application has recovered, or the time limit has passed: the figures are final. */
	readonly isOver: boolean;
	/** Its connections, reconnects and commands since the outage began; undefined if it had no connection. */
	readonly wire: WireReport | undefined;
};
