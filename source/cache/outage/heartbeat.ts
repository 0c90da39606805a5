import {DeadlineError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';

export type HeartbeatHooks = {
	/** Whether Redis is in use: else nobody listens. */
	readonly isInUse: () => boolean;
	/** Asks for a sign of life. */
	readonly ask: (lane: Lane) => Promise<void>;
	/** About once a second, whether in use or not. */
	readonly onTick: () => void;
	readonly onAnswer: () => void;
	readonly onFailure: (error: unknown) => void;
};

const everyMs = 1000;

/** Notices a silent outage while nobody calls. */
export class Heartbeat {
	readonly #pool: Pool;
	readonly #hooks: HeartbeatHooks;
	readonly #timer: NodeJS.Timeout;
	/** Whether an answer is due. */
	#listening = false;

	constructor(pool: Pool, hooks: HeartbeatHooks) {
		this.#pool = pool;
		this.#hooks = hooks;
		this.#timer = setInterval(() => this.#beat(), everyMs);
		this.#timer.unref();
	}

	close(): void {
		clearInterval(this.#timer);
	}

	#beat(): void {
		this.#hooks.onTick();
		if (this.#hooks.isInUse() && !this.#listening) void this.#listen(this.#pool.lanes.slice(0, 1));
	}

	/** Listens for an answer. Where none comes, all lanes are asked at once: an idle process knows within a few deadlines. */
	async #listen(lanes: readonly Lane[]): Promise<void> {
		this.#listening = true;
		const results = await Promise.allSettled(lanes.map((lane) => this.#hooks.ask(lane)));
		this.#listening = false;
		let isSilent = false;
		for (const result of results) {
			if (result.status === 'fulfilled') this.#hooks.onAnswer();
			else {
				this.#hooks.onFailure(result.reason);
				isSilent ||= result.reason instanceof DeadlineError;
			}
		}
		const isAnswered = results.some(({status}) => status === 'fulfilled');
		if (isSilent && !isAnswered && this.#hooks.isInUse()) await this.#listen(this.#pool.lanes);
	}
}
