import {ServerError} from '../../pool/errors.js';
import {IdlePace} from '../../pool/idle-pace.js';
import {RefusalPause} from '../../pool/refusal-pause.js';
import type {Lane, LaneEvent, Pool} from '../../pool/types.js';
import {clearInterval, setInterval} from '../../time/real-time.js';

export type LaneTrackingOptions = {
	/** Milliseconds between tracking checks on each lane. */
	readonly pingMs: number;
	/** While it returns true, only every fifth check is sent. */
	readonly isIdle: () => boolean;
	/** Address of the node in a cluster. */
	readonly node?: string | undefined;
};

export type LaneTrackingHandlers = {
	/** Called with true when Redis is known to track the reads of every ready lane from now on; with false when it may not. */
	readonly onArmed: (isArmed: boolean) => void;
	/** A lane was lost, and Redis no longer tracks the keys that it had read. */
	readonly onForgotten: () => void;
	/** Redis has refused to track reads. */
	readonly onRefused: (reason: string) => void;
	/** Redis does not know the subscriber's connection. */
	readonly onUnknownSubscriber: () => void;
};

/**
 * Makes Redis track the keys that the lanes of one server read, and announce the next change of each to a subscriber.
 *
 * Commands of a lane are executed and answered in order. So reads count as tracked once the command that arms the lane (`CLIENT
 * TRACKING ON REDIRECT`) is sent as its first one: a refusal arrives before their replies. The command is repeated as a check
 * on each lane, which arms it again without harm and detects a connection that the server has closed unnoticed.
 */
export class LaneTracking {
	readonly #pool: Pool;
	readonly #options: LaneTrackingOptions;
	readonly #handlers: LaneTrackingHandlers;
	readonly #timer: NodeJS.Timeout;
	readonly #unlisten: () => void;
	/** Id of the subscriber's connection in Redis; `undefined` if there is none. */
	#clientId: number | undefined;
	readonly #armed = new Set<Lane>();
	/** Lanes that have not answered the command yet. */
	readonly #asked = new Set<Lane>();
	/** Lanes whose reads Redis may track. */
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

	/** Arms all lanes, unless they are already armed for this subscriber. */
	start(clientId: number): void {
		if (clientId === this.#clientId) return;
		this.stop();
		this.#clientId = clientId;
		this.#refusalPause.granted();
		for (const lane of this.#ready()) this.#arm(lane);
		this.#update();
	}

	/** The subscriber was lost: changes of keys that are read from now on are not announced. */
	stop(): void {
		this.#clientId = undefined;
		this.#armed.clear();
		this.#isArmed = false;
		this.#isRefused = false;
	}

	/** Turns tracking off on all lanes, whether there is a subscriber or not. */
	close(): void {
		clearInterval(this.#timer);
		this.#unlisten();
		this.stop();
		this.forget();
	}

	/** Turns tracking off because there is no subscriber for the announcements. */
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
		// Only the first refusal of concurrent commands counts.
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
