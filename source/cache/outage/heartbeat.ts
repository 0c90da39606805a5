import {DeadlineError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';

export type HeartbeatHandlers = {
	/** True while Redis is in use; otherwise nothing is sent. */
	readonly isInUse: () => boolean;
	/** Sends a command to the lane; resolves with its reply. */
	readonly ping: (lane: Lane) => Promise<void>;
	/** Once a second, in use or not. */
	readonly onTick: () => void;
	readonly onSuccess: () => void;
	readonly onFailure: (error: unknown) => void;
};

const intervalMs = 1000;

/** Notices a silent outage while the application makes no calls. */
export class Heartbeat {
	readonly #pool: Pool;
	readonly #handlers: HeartbeatHandlers;
	readonly #timer: NodeJS.Timeout;
	/** True while a reply is due. */
	#isPinging = false;

	constructor(pool: Pool, handlers: HeartbeatHandlers) {
		this.#pool = pool;
		this.#handlers = handlers;
		this.#timer = setInterval(() => this.#tick(), intervalMs);
		this.#timer.unref();
	}

	close(): void {
		clearInterval(this.#timer);
	}

	#tick(): void {
		this.#handlers.onTick();
		if (this.#handlers.isInUse() && !this.#isPinging) void this.#ping(this.#pool.lanes.slice(0, 1));
	}

	/**
	 * Pings one lane. If it does not answer, pings all lanes at once, so that even an idle process knows within a few
	 * deadlines.
	 */
	async #ping(lanes: readonly Lane[]): Promise<void> {
		this.#isPinging = true;
		const results = await Promise.allSettled(lanes.map((lane) => this.#handlers.ping(lane)));
		this.#isPinging = false;
		let isSilent = false;
		for (const result of results) {
			if (result.status === 'fulfilled') this.#handlers.onSuccess();
			else {
				this.#handlers.onFailure(result.reason);
				isSilent ||= result.reason instanceof DeadlineError;
			}
		}
		const isAnswered = results.some(({status}) => status === 'fulfilled');
		if (isSilent && !isAnswered && this.#handlers.isInUse()) await this.#ping(this.#pool.lanes);
	}
}
