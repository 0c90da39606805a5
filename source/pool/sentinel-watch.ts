import type {Backoff} from './backoff.js';
import type {ConnectionHandlers} from './connection.js';
import type {NodeConnection} from './node-connection.js';
import type {Endpoint} from './redis-url.js';
import {Subscription} from './subscription.js';

const MAX_WATCHED = 5;
const PING_MS = 5000;

export type SentinelWatchOptions = {
	/** Redacted URL. */
	readonly where: string;
	readonly sentinels: readonly Endpoint[];
	readonly master: string;
	readonly open: (sentinel: Endpoint, handlers: ConnectionHandlers) => NodeConnection;
	readonly newBackoff: () => Backoff;
	readonly deadlineMs: number;
	/** Sentinel has made another server the master. */
	readonly onSwitch: () => void;
};

/**
 * Hears from the sentinels when the master changes. Without it, connections would stay with the old master for as long
 * as that answers, and writes would be lost.
 *
 * One for the whole pool, instead of ioredis's `failoverDetector`, which opens connections to every sentinel for each of
 * ours, and prints to the console when one of them fails.
 */
export class SentinelWatch {
	readonly #subscriptions: readonly Subscription[];
	/** Every sentinel tells of the same change, in the same words. */
	#last = '';

	constructor(options: SentinelWatchOptions) {
		const {where, sentinels, master, open, newBackoff, deadlineMs, onSwitch} = options;
		this.#subscriptions = sentinels.slice(0, MAX_WATCHED).map(
			(sentinel) =>
				new Subscription({
					where,
					open: (handlers) => open(sentinel, handlers),
					backoff: newBackoff(),
					deadlineMs,
					pingMs: PING_MS,
					topic: '+switch-master',
					onReady: () => {},
					// The others still listen, and a lost connection to the master is noticed anyway.
					onLost: () => {},
					onMessage: (message) => {
						const change = String(message);
						if (!change.startsWith(`${master} `) || change === this.#last) return;
						this.#last = change;
						onSwitch();
					},
				}),
		);
	}

	close(): void {
		for (const subscription of this.#subscriptions) subscription.close();
	}
}
