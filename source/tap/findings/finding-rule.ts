import type {KeyPrinter} from '../key-text.js';
import type {TrafficObserver} from '../traffic.js';
import type {Problem} from './finding.js';
import type {KeyUse, KeyUseKind} from './keys/key-use.js';
import type {ServerReading} from './server/server-reading.js';

/** Detects one kind of problem. Called for each command, so it must be fast and keep its memory bounded. */
export type FindingRule = Partial<TrafficObserver> & {
	/** Names of the commands that `onCommand` gets. Default: all. */
	readonly commands?: ReadonlySet<string>;
	/** Kinds of uses of keys that `onKeyUse` gets, after `onCommand`. */
	readonly uses?: readonly KeyUseKind[];
	onKeyUse?(use: KeyUse): void;
	/** Gets settings and statistics of the server about once a minute, if the tap has the right to read them. */
	onServer?(reading: ServerReading): void;
	/**
	 * @param now Time of the traffic.
	 * @param print Makes keys and patterns readable, or hides them.
	 */
	find(now: number, print: KeyPrinter): Problem | undefined;
};
