import type {Pool, Subscriber} from '../../pool/types.js';

/** How this process learns of changes that others make. */
export type ClientTrackingState =
	/** Nothing is known yet, or messages may have been missed: the memory tier is not believed. */
	| {readonly kind: 'gap'}
	/** Redis tells of every change. */
	| {readonly kind: 'tracking'}
	/** Redis cannot tell: entries are believed for a short time. */
	| {readonly kind: 'ttl'; readonly reason: string};

export type ClientTrackingHooks = {
	/** Changes may have been missed: everything in memory is to be checked before it is believed. */
	readonly onGap: () => void;
	/** Someone, maybe this process, changed this key. */
	readonly onChange: (physical: string) => void;
	readonly onChangeAll: () => void;
	/** Whether this is the Redis that the lanes lead to, as far as that is known. */
	readonly isSameServer: (dataSet: string | undefined) => boolean;
	/** The connection that tells of changes leads to another Redis than the lanes did. */
	readonly onStranger: () => void;
};

/**
 * Server-assisted client-side caching in broadcast mode, redirected by the subscriber to itself: one connection carries
 * both the tracking and its messages, so there is one thing that can break, and its pings notice when it does.
 */
export class ClientTracking {
	#state: ClientTrackingState = {kind: 'gap'};
	readonly #hooks: ClientTrackingHooks;
	readonly #subscriber: Subscriber | undefined;
	/** Where it leads to; `undefined`: nowhere. */
	#leadsTo: {readonly dataSet: string | undefined} | undefined;

	/** @param marksOnly There is no memory tier that changes of entries would matter to. */
	constructor(pool: Pool, prefix: string, marksOnly: boolean, hooks: ClientTrackingHooks) {
		this.#hooks = hooks;
		if (pool.topology === 'cluster') {
			this.#state = {kind: 'ttl', reason: 'tracking is not used in a cluster'};
			return;
		}
		this.#subscriber = pool.subscriber({
			trackPrefix: marksOnly ? `${prefix}:!` : `${prefix}:`,
			onReady: (_clientId, dataSet) => {
				this.#leadsTo = {dataSet};
				if (hooks.isSameServer(dataSet)) this.#change({kind: 'tracking'});
				else hooks.onStranger();
			},
			onRefused: (reason) => this.#change({kind: 'ttl', reason}),
			onLost: () => {
				this.#leadsTo = undefined;
				this.#change({kind: 'gap'});
			},
			onInvalidate: (keys) => {
				if (keys === undefined) hooks.onChangeAll();
				else for (const key of keys) hooks.onChange(key.toString('utf8'));
			},
		});
	}

	get state(): ClientTrackingState {
		return this.#state;
	}

	/** The lanes have been found to lead to one Redis: what another one tells is of no use. */
	confirm(): void {
		if (this.#leadsTo === undefined) return;
		if (!this.#hooks.isSameServer(this.#leadsTo.dataSet)) this.#subscriber?.reset('the lanes lead to another Redis');
		else if (this.#state.kind === 'gap') this.#change({kind: 'tracking'});
	}

	close(): void {
		this.#subscriber?.close();
	}

	#change(state: ClientTrackingState): void {
		this.#state = state;
		this.#hooks.onGap();
	}
}
