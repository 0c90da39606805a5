import {DeadlineError} from '../../pool/errors.js';
import {idleFactor} from '../../pool/idle-pace.js';
import type {Lane} from '../../pool/types.js';
import {clearInterval, setInterval} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';

export type HeartbeatHandlers = {
	/** True while Redis is in use. Otherwise no ping is sent. */
	readonly isInUse: () => boolean;
	/** The lanes to each server that is in use. */
	readonly servers: () => readonly Server[];
	/** Sends a command to the lane; resolves with its reply. */
	readonly ping: (lane: Lane) => Promise<void>;
	/** Called once a second, whether Redis is in use or not. */
	readonly onTick: () => void;
	/** True while the application makes no calls: pings are then less frequent. */
	readonly isIdle: () => boolean;
	readonly onSuccess: (server: Server) => void;
	readonly onFailure: (server: Server, error: unknown) => void;
};

/** A server with the lanes that lead to it. */
export type Server = {readonly lanes: readonly Lane[]};

const tickMs = 1000;
/** Tolerance for the inaccuracy of timers, in milliseconds. */
const slackMs = 20;

/** Detects an outage while the application makes no calls that would fail. */
export class Heartbeat {
	readonly #handlers: HeartbeatHandlers;
	readonly #timer: NodeJS.Timeout;
	/** True while a reply is due. */
	#isPinging = false;
	readonly #pingMs: number;
	#pingedAt = Number.NEGATIVE_INFINITY;
	#tickedAt = localNow();

	/** @param pingMs Milliseconds between pings while the application makes calls. */
	constructor(pingMs: number, handlers: HeartbeatHandlers) {
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
		this.#isPinging = true;
		const pings = this.#handlers.servers().map((server) => this.#ping(server, server.lanes.slice(0, 1)));
		void Promise.all(pings).finally(() => {
			this.#isPinging = false;
		});
	}

	/**
	 * Pings one lane to a server. If it does not answer, pings all lanes at once, so that even an idle process detects an
	 * outage within a few deadlines.
	 */
	async #ping(server: Server, lanes: readonly Lane[]): Promise<void> {
		const results = await Promise.allSettled(lanes.map((lane) => this.#handlers.ping(lane)));
		let isSilent = false;
		for (const result of results) {
			if (result.status === 'fulfilled') this.#handlers.onSuccess(server);
			else {
				this.#handlers.onFailure(server, result.reason);
				isSilent ||= result.reason instanceof DeadlineError;
			}
		}
		const isAnswered = results.some(({status}) => status === 'fulfilled');
		const isStillUsed =
			this.#handlers.isInUse() && this.#handlers.servers().some(({lanes: [lane]}) => lane === server.lanes[0]);
		if (isSilent && !isAnswered && isStillUsed) await this.#ping(server, server.lanes);
	}
}
