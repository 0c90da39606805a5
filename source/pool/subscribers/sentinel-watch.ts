import type {Backoff} from '../connection/backoff.js';
import type {ConnectionHandlers} from '../connection/connection.js';
import type {NodeConnection} from '../connection/node-connection.js';
import type {Endpoint} from '../redis-url.js';
import {Subscription} from './subscription.js';

/** Of more sentinels, only the first ones are watched. */
const maxWatched = 5;
const pingMs = 5000;

export type SentinelWatchOptions = {
	/** For error messages. */
	readonly redactedUrl: string;
	readonly list: readonly Endpoint[];
	readonly master: string;
	readonly open: (sentinel: Endpoint, handlers: ConnectionHandlers) => NodeConnection;
	readonly newBackoff: () => Backoff;
	readonly deadlineMs: number;
	/** Sentinel has made another server the master. */
	readonly onSwitch: () => void;
};

/**
 * Subscribes to the sentinels, and reports when the master changes. Without it, connections would stay with the old
 * master for as long as that answers, and writes would be lost.
 *
 * One for the whole pool. The `failoverDetector` of ioredis would open a connection to every sentinel for each of ours,
 * and print to the console when one of them fails.
 */
export class SentinelWatch {
	readonly #subscriptions: readonly Subscription[];
	/** The latest message: every sentinel announces the same change in the same words. */
	#lastChange = '';

	constructor(options: SentinelWatchOptions) {
		const {redactedUrl, list, master, open, newBackoff, deadlineMs, onSwitch} = options;
		this.#subscriptions = list.slice(0, maxWatched).map(
			(sentinel) =>
				new Subscription({
					redactedUrl,
					open: (handlers) => open(sentinel, handlers),
					backoff: newBackoff(),
					deadlineMs,
					pingMs,
					topic: '+switch-master',
					onReady: () => {},
					// The other sentinels are still watched, and the lanes notice when the master is gone.
					onLost: () => {},
					onMessage: (message) => {
						const change = String(message);
						if (!change.startsWith(`${master} `) || change === this.#lastChange) return;
						this.#lastChange = change;
						onSwitch();
					},
				}),
		);
	}

	close(): void {
		for (const subscription of this.#subscriptions) subscription.close();
	}
}
