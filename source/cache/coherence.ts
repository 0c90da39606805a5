import {ServerError} from '../pool/errors.js';
import type {LaneEvent, Pool, Subscriber} from '../pool/types.js';

const retryMs = 500;

/** How this process learns of changes that others make. */
export type CoherenceState =
	/** Nothing is known yet, or messages may have been missed: the memory tier is not believed. */
	| {readonly kind: 'gap'}
	/** Redis tells of every change. */
	| {readonly kind: 'tracking'}
	/** Redis cannot tell: entries are believed for a short time. */
	| {readonly kind: 'ttl'; readonly reason: string};

export type CoherenceHooks = {
	/** Changes may have been missed: everything in memory is to be checked before it is believed. */
	readonly onGap: () => void;
	/** Someone, maybe this process, changed this key. */
	readonly onChange: (physical: string) => void;
	readonly onChangeAll: () => void;
};

/**
 * Server-assisted client-side caching in broadcast mode: lane 0 carries `CLIENT TRACKING`, redirected to a subscriber.
 * Either connection lost means a gap; tracking counts again only once both are there and the server has agreed.
 */
export class Coherence {
	#state: CoherenceState = {kind: 'gap'};
	#clientId: number | undefined;
	#attempt = 0;
	#retry: NodeJS.Timeout | undefined;
	readonly #pool: Pool;
	readonly #prefix: string;
	readonly #hooks: CoherenceHooks;
	readonly #subscriber: Subscriber | undefined;
	readonly #unsubscribe: () => void;

	constructor(pool: Pool, prefix: string, hooks: CoherenceHooks) {
		this.#pool = pool;
		this.#prefix = prefix;
		this.#hooks = hooks;
		if (pool.topology === 'cluster') {
			this.#state = {kind: 'ttl', reason: 'tracking is not used in a cluster'};
			this.#unsubscribe = () => {};
			return;
		}
		this.#unsubscribe = pool.onLane((event) => this.#onLane(event));
		this.#subscriber = pool.subscriber({
			onReady: (clientId) => {
				this.#clientId = clientId;
				void this.#arm();
			},
			onLost: () => {
				this.#clientId = undefined;
				this.#gap();
			},
			onInvalidate: (keys) => {
				if (keys === undefined) hooks.onChangeAll();
				else for (const key of keys) hooks.onChange(key.toString('utf8'));
			},
		});
	}

	get state(): CoherenceState {
		return this.#state;
	}

	close(): void {
		this.#attempt++;
		clearTimeout(this.#retry);
		this.#unsubscribe();
		this.#subscriber?.close();
	}

	#onLane(event: LaneEvent): void {
		if (event.lane.id !== this.#pool.lanes[0]?.id) return;
		if (event.type === 'ready') void this.#arm();
		else this.#gap();
	}

	#gap(): void {
		this.#attempt++;
		this.#state = {kind: 'gap'};
		this.#hooks.onGap();
	}

	async #arm(): Promise<void> {
		const lane = this.#pool.lanes[0];
		if (lane === undefined || lane.state !== 'ready' || this.#clientId === undefined) return;
		const attempt = ++this.#attempt;
		clearTimeout(this.#retry);
		let next: CoherenceState;
		try {
			// An earlier redirection may still be on: it has to go before another can be set.
			await lane.send('CLIENT', ['TRACKING', 'OFF']);
			await lane.send('CLIENT', ['TRACKING', 'ON', 'REDIRECT', this.#clientId, 'BCAST', 'PREFIX', `${this.#prefix}:`]);
			next = {kind: 'tracking'};
		} catch (error) {
			if (attempt !== this.#attempt) return;
			if (!(error instanceof ServerError)) {
				this.#retry = setTimeout(() => void this.#arm(), retryMs).unref();
				return;
			}
			next = {kind: 'ttl', reason: error.message};
		}
		if (attempt !== this.#attempt) return;
		this.#state = next;
		this.#hooks.onGap();
	}
}
