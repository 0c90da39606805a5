import type {Backoff} from '../connection/backoff.js';
import type {ConnectionHandlers} from '../connection/connection.js';
import type {KnownMasters} from '../connection/known-masters.js';
import type {NodeConnection} from '../connection/node-connection.js';
import type {Endpoint} from '../redis-url.js';
import {Subscription} from './subscription.js';

/** Most sentinels that are watched: the first ones of the list. */
const maxWatched = 5;
const pingMs = 5000;

export type SentinelWatchOptions = {
	/** For error messages. */
	readonly redactedUrl: string;
	readonly list: readonly Endpoint[];
	readonly master: string;
	/** Gets the answers of the sentinels. */
	readonly masters: KnownMasters;
	readonly open: (sentinel: Endpoint, handlers: ConnectionHandlers) => NodeConnection;
	readonly newBackoff: () => Backoff;
	readonly deadlineMs: number;
	/** Called when a sentinel has named the master, which may have updated `masters`. */
	readonly onAnswer: () => void;
	/** Called when Sentinel has promoted another server, and the user lacks the right to ask which. */
	readonly onSwitch: () => void;
};

/**
 * Subscribes to the failover announcements of the sentinels. It also asks each for the master before subscribing and every five
 * seconds, since an announcement may be missed while a sentinel is unreachable. Without this, connections would stay on the old
 * master as long as it answers, and their writes would be lost.
 *
 * There is one for the whole pool. The `failoverDetector` of ioredis would open a connection to every sentinel for each
 * connection to Redis, and print to the console when one of them fails.
 */
export class SentinelWatch {
	readonly #subscriptions: readonly Subscription[];
	/** The latest announcement: every sentinel sends the same text for one failover. */
	#lastChange = '';

	constructor(options: SentinelWatchOptions) {
		const {redactedUrl, list, master, masters, open, newBackoff, deadlineMs, onAnswer, onSwitch} = options;
		this.#subscriptions = list.slice(0, maxWatched).map((sentinel) => {
			const subscription = new Subscription({
				redactedUrl,
				open: (handlers) => open(sentinel, handlers),
				backoff: newBackoff(),
				deadlineMs,
				pingMs,
				topic: '+switch-master',
				survey: {
					// The first command names the new master earlier, the second one gives the epoch.
					commands: [
						['sentinel', ['GET-MASTER-ADDR-BY-NAME', master]],
						['sentinel', ['MASTER', master]],
					],
					onReplies: ([endpoint, fields]) => {
						const view = viewOf(endpoint, fields);
						if (view === undefined) return;
						masters.learn(sentinel, view);
						onAnswer();
					},
				},
				onReady: () => {},
				// The other sentinels are still watched, and the lanes notice when the master is gone.
				onLost: () => masters.lost(sentinel),
				onMessage: (message) => {
					const change = String(message);
					if (!change.startsWith(`${master} `)) return;
					if (subscription.survey()) return;
					if (change === this.#lastChange) return;
					this.#lastChange = change;
					onSwitch();
				},
			});
			return subscription;
		});
	}

	/** Asks all sentinels for the master. */
	survey(): void {
		for (const subscription of this.#subscriptions) subscription.survey();
	}

	close(): void {
		for (const subscription of this.#subscriptions) subscription.close();
	}
}

function viewOf(endpoint: unknown, fields: unknown): {address: string; epoch: number} | undefined {
	if (!Array.isArray(endpoint) || !Array.isArray(fields)) return undefined;
	const at = fields.findIndex((word, index) => index % 2 === 0 && String(word) === 'config-epoch');
	const epoch = at < 0 ? Number.NaN : Number(fields[at + 1]);
	return Number.isNaN(epoch) ? undefined : {address: endpoint.map(String).join(':'), epoch};
}
