import {DeadlineError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';
import {clearInterval, setInterval} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';

export type HeartbeatHandlers = {
	/** True while Redis is in use; otherwise nothing is sent. */
	readonly isInUse: () => boolean;
	/** Sends a command to the lane; resolves with its reply. */
	readonly ping: (lane: Lane) => Promise<void>;
	/** Once a second, in use or not. */
	readonly onTick: () => void;
	/** True while the application makes no calls: then pings are rare. */
	readonly isIdle: () => boolean;
	readonly onSuccess: () => void;
	readonly onFailure: (error: unknown) => void;
};

const tickMs = 1000;
/** In an idle process a ping is sent this many times as seldom. */
const idleFactor = 5;
/** Timers are not that exact. */
const slackMs = 20;

/** Notices a silent outage while the application makes no calls. */
export class Heartbeat {
	readonly #pool: Pool;
	readonly #handlers: HeartbeatHandlers;
	readonly #timer: NodeJS.Timeout;
	/** True while a reply is due. */
	#isPinging = false;
	readonly #pingMs: number;
	#pingedAt = Number.NEGATIVE_INFINITY;
	#tickedAt = localNow();

	/** @param pingMs Milliseconds between pings while the application makes calls. */
	constructor(pool: Pool, pingMs: number, handlers: HeartbeatHandlers) {
		this.#pool = pool;
		this.#handlers = handlers;
		this.#pingMs = pingMs;
		this.#timer = setInterval(() => this.#tick(), Math.min(tickMs, pingMs));
		this.#timer.unref();
	}

	close(): void {
		clearInterval(this.#timer);
	}

	#tick(): void {
		const now = localNow();
		if (now - this.#tickedAt >= tickMs - slackMs) {
			this.#tickedAt = now;
			this.#handlers.onTick();
		}
		const pauseMs = this.#handlers.isIdle() ? idleFactor * this.#pingMs : this.#pingMs;
		if (!this.#handlers.isInUse() || this.#isPinging || now - this.#pingedAt < pauseMs - slackMs) return;
		this.#pingedAt = now;
		void this.#ping(this.#pool.lanes.slice(0, 1));
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
