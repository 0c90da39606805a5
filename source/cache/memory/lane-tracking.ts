import {OverloadError, ServerError} from '../../pool/errors.js';
import {IdlePace} from '../../pool/idle-pace.js';
import type {Lane, LaneEvent, Pool} from '../../pool/types.js';
import {clearInterval, setInterval, setTimeout} from '../../time/real-time.js';

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

/** Milliseconds until a lane that had no room for the question is asked again. */
const noRoomMs = 50;

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
	#isArmed = false;
	#isRefused = false;
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
		for (const lane of this.#ready()) this.#arm(lane);
		this.#update();
	}

	/** The subscriber is gone: what is read from now on is announced to nobody. */
	stop(): void {
		this.#clientId = undefined;
		this.#armed.clear();
		this.#isArmed = false;
		this.#isRefused = false;
	}

	/** Redis forgets what the lanes have read. */
	close(): void {
		clearInterval(this.#timer);
		this.#unlisten();
		const wasUsed = this.#clientId !== undefined && !this.#isRefused;
		this.stop();
		if (wasUsed) for (const lane of this.#ready()) lane.send('CLIENT', ['TRACKING', 'OFF']).catch(() => {});
	}

	#onLane({type, lane}: LaneEvent): void {
		if (this.#clientId === undefined || lane.node !== this.#options.node) return;
		if (type === 'ready') {
			this.#armed.add(lane);
			this.#arm(lane, true);
			return;
		}
		if (this.#armed.delete(lane)) this.#handlers.onForgotten();
		this.#update();
	}

	#askAll(): void {
		if (this.#clientId === undefined || this.#isRefused) return;
		if (this.#pace.skips()) return;
		for (const lane of this.#ready()) if (!this.#asked.has(lane)) this.#arm(lane);
	}

	/** @param isNew True for a lane that has just connected: Redis remembers nothing of what it reads until it is told to. */
	#arm(lane: Lane, isNew = false): void {
		const clientId = this.#clientId;
		if (clientId === undefined) return;
		this.#asked.add(lane);
		lane.send('CLIENT', ['TRACKING', 'ON', 'REDIRECT', clientId]).then(
			() => {
				this.#asked.delete(lane);
				if (clientId !== this.#clientId || lane.state !== 'ready') return;
				this.#armed.add(lane);
				this.#update();
			},
			(error: Error) => {
				this.#asked.delete(lane);
				if (clientId !== this.#clientId) return;
				if (error instanceof OverloadError) {
					// Nothing was asked, and what was true before still is.
					if (this.#armed.has(lane) && !isNew) return;
					this.#armSoon(lane, clientId);
				}
				this.#armed.delete(lane);
				if (error instanceof ServerError && error.kind !== 'unavailable') this.#onRefused(error);
				else this.#update();
			},
		);
	}

	/** The lane had no room for the question. */
	#armSoon(lane: Lane, clientId: number): void {
		const arm = () => {
			if (clientId === this.#clientId && lane.state === 'ready' && !this.#asked.has(lane)) this.#arm(lane, true);
		};
		setTimeout(arm, noRoomMs).unref();
	}

	#onRefused(error: ServerError): void {
		if (/redirect.* does not exist/.test(error.message)) {
			this.stop();
			this.#handlers.onUnknownSubscriber();
			return;
		}
		this.#isRefused = true;
		this.#isArmed = false;
		this.#handlers.onRefused(error.message);
	}

	#update(): void {
		const isArmed = this.#clientId !== undefined && this.#ready().every((lane) => this.#armed.has(lane));
		if (isArmed === this.#isArmed || this.#isRefused) return;
		this.#isArmed = isArmed;
		this.#handlers.onArmed(isArmed);
	}

	#ready(): readonly Lane[] {
		return this.#pool.lanes.filter(({state, node}) => state === 'ready' && node === this.#options.node);
	}
}
