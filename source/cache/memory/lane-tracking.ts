import {ServerError} from '../../pool/errors.js';
import {IdlePace} from '../../pool/idle-pace.js';
import {RefusalPause} from '../../pool/refusal-pause.js';
import type {Lane, LaneEvent, Pool} from '../../pool/types.js';
import {clearInterval, setInterval} from '../../time/real-time.js';

export type LaneTrackingOptions = {
	/** Milliseconds between questions to each lane. */
	readonly pingMs: number;
	/** True while a fifth of the questions is enough. */
	readonly isIdle: () => boolean;
	/** Address of the node in a cluster. */
	readonly node?: string | undefined;
};

export type LaneTrackingHandlers = {
	/** Redis is known to remember what every ready lane reads from now on; false: it may not. */
	readonly onArmed: (isArmed: boolean) => void;
	/** A lane is gone, and with it what Redis remembers of its reads. */
	readonly onForgotten: () => void;
	/** Redis has refused to remember. */
	readonly onRefused: (reason: string) => void;
	/** Redis does not know the subscriber's connection. */
	readonly onUnknownSubscriber: () => void;
};

/**
 * Makes Redis remember what the lanes of one server read, and announce each change of that once, to a subscriber.
 *
 * Commands of a lane are carried out, and answered, in their order. So the reads of a lane count as remembered from the moment
 * at which the command that arms it is sent as its first one: its refusal comes before their replies. A lane that the server has
 * closed unnoticed is found by asking again and again, which arms it once more and does no harm.
 */
export class LaneTracking {
	readonly #pool: Pool;
	readonly #options: LaneTrackingOptions;
	readonly #handlers: LaneTrackingHandlers;
	readonly #timer: NodeJS.Timeout;
	readonly #unlisten: () => void;
	/** Id of the subscriber's connection in Redis; `undefined`: there is none. */
	#clientId: number | undefined;
	readonly #armed = new Set<Lane>();
	/** Lanes that have not answered yet. */
	readonly #asked = new Set<Lane>();
	/** Lanes that Redis may remember the reads of. */
	readonly #remembered = new Set<Lane>();
	#isArmed = false;
	#isRefused = false;
	readonly #refusalPause = new RefusalPause();
	readonly #pace: IdlePace;

	constructor(pool: Pool, options: LaneTrackingOptions, handlers: LaneTrackingHandlers) {
		this.#pool = pool;
		this.#options = options;
		this.#handlers = handlers;
		this.#pace = new IdlePace(options.isIdle);
		this.#unlisten = pool.onLane((event) => this.#onLane(event));
		this.#timer = setInterval(() => this.#askAll(), options.pingMs).unref();
	}

	/** Arms all lanes, unless they are armed for this subscriber already. */
	start(clientId: number): void {
		if (clientId === this.#clientId) return;
		this.stop();
		this.#clientId = clientId;
		this.#refusalPause.granted();
		for (const lane of this.#ready()) this.#arm(lane);
		this.#update();
	}

	/** The subscriber is gone: changes of keys that are read from now on are not announced. */
	stop(): void {
		this.#clientId = undefined;
		this.#armed.clear();
		this.#isArmed = false;
		this.#isRefused = false;
	}

	/** Redis forgets what the lanes have read, whether there is a subscriber or not. */
	close(): void {
		clearInterval(this.#timer);
		this.#unlisten();
		this.stop();
		this.forget();
	}

	/** Changes of keys that the lanes have read reach no subscriber: Redis need not remember them. */
	forget(): void {
		for (const lane of this.#remembered) lane.send('CLIENT', ['TRACKING', 'OFF'], {isUpkeep: true}).catch(() => {});
		this.#remembered.clear();
	}

	#onLane({type, lane}: LaneEvent): void {
		if (type !== 'ready') this.#remembered.delete(lane);
		if (this.#clientId === undefined || lane.node !== this.#options.node) return;
		if (type === 'ready') {
			this.#armed.add(lane);
			this.#arm(lane);
			return;
		}
		if (this.#armed.delete(lane)) this.#handlers.onForgotten();
		this.#update();
	}

	#askAll(): void {
		if (this.#clientId === undefined || !this.#refusalPause.isOver) return;
		if (this.#pace.skips()) return;
		for (const lane of this.#ready()) if (!this.#asked.has(lane)) this.#arm(lane);
	}

	#arm(lane: Lane): void {
		const clientId = this.#clientId;
		if (clientId === undefined) return;
		this.#asked.add(lane);
		this.#remembered.add(lane);
		lane.send('CLIENT', ['TRACKING', 'ON', 'REDIRECT', clientId], {isUpkeep: true}).then(
			() => {
				this.#asked.delete(lane);
				if (clientId !== this.#clientId || lane.state !== 'ready') return;
				this.#armed.add(lane);
				if (this.#isRefused && this.#areAllArmed) this.#isRefused = false;
				this.#update();
			},
			(error: Error) => {
				this.#asked.delete(lane);
				if (clientId !== this.#clientId) return;
				this.#armed.delete(lane);
				if (error instanceof ServerError && error.kind !== 'unavailable') this.#onRefused(error);
				else this.#update();
			},
		);
	}

	#onRefused(error: ServerError): void {
		if (/redirect.* does not exist/.test(error.message)) {
			this.stop();
			this.#handlers.onUnknownSubscriber();
			return;
		}
		// Of the lanes that were asked at once, the first one.
		if (this.#refusalPause.isOver) this.#refusalPause.refused();
		if (this.#isRefused) return;
		this.#isRefused = true;
		this.#isArmed = false;
		this.#handlers.onRefused(error.message);
	}

	#update(): void {
		const isArmed = this.#clientId !== undefined && this.#areAllArmed;
		if (isArmed === this.#isArmed || this.#isRefused) return;
		this.#isArmed = isArmed;
		this.#handlers.onArmed(isArmed);
	}

	get #areAllArmed(): boolean {
		return this.#ready().every((lane) => this.#armed.has(lane));
	}

	#ready(): readonly Lane[] {
		return this.#pool.lanes.filter(({state, node}) => state === 'ready' && node === this.#options.node);
	}
}
