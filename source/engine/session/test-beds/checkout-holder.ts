import type {Pool} from '../../../pool/types.js';
import type {EventsWriter} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';

/** Checkouts held or waited for at once. */
const maxHeld = 2000;

/** Holds checkouts of a pool for a while, so that others can be seen to wait for one. */
export class CheckoutHolder {
	readonly #pool: Pool;
	readonly #log: EventsWriter;
	readonly #abort = new AbortController();
	readonly #held = new Map<NodeJS.Timeout, () => void>();
	#waiting = 0;

	constructor(pool: Pool, log: EventsWriter) {
		this.#pool = pool;
		this.#log = log;
	}

	/** Acquires checkouts as they become free, and holds each for `forMs` milliseconds. */
	hold(count: number, forMs: number): void {
		for (let index = 0; index < count && this.#waiting < maxHeld; index++) void this.#holdOne(forMs);
	}

	/** Releases all of them now. */
	close(): void {
		this.#abort.abort();
		for (const [timer, release] of this.#held) {
			clearTimeout(timer);
			release();
		}
		this.#held.clear();
	}

	async #holdOne(forMs: number): Promise<void> {
		this.#waiting++;
		try {
			const checkout = await this.#pool.acquire({purpose: 'hold', signal: this.#abort.signal});
			if (this.#abort.signal.aborted) {
				checkout.release();
				return;
			}
			const timer = setTimeout(() => {
				this.#held.delete(timer);
				checkout.release();
			}, forMs);
			this.#held.set(timer, () => checkout.release());
		} catch (error) {
			if (!this.#abort.signal.aborted)
				this.#log.add({
					level: 'info',
					topic: 'pool',
					text: `no connection to hold: ${oneLine(error)}`,
					fold: 'hold',
				});
		} finally {
			this.#waiting--;
		}
	}
}
