import type {Pool} from '../pool/types.js';
import type {EventsWriter} from './events-log.js';
import {oneLine} from './one-line.js';

/** Holds wanted at once, over all `checkout hold` commands. */
const limit = 2000;

/** Borrows checkouts for a while and gives them back, so that waiting for one can be seen. */
export class CheckoutHolder {
	readonly #pool: Pool;
	readonly #log: EventsWriter;
	readonly #abort = new AbortController();
	readonly #timers = new Map<NodeJS.Timeout, () => void>();
	#pending = 0;

	constructor(pool: Pool, log: EventsWriter) {
		this.#pool = pool;
		this.#log = log;
	}

	hold(count: number, forMs: number): void {
		for (let index = 0; index < count && this.#pending < limit; index++) void this.#holdOne(forMs);
	}

	/** Gives everything back now. */
	close(): void {
		this.#abort.abort();
		for (const [timer, release] of this.#timers) {
			clearTimeout(timer);
			release();
		}
		this.#timers.clear();
	}

	async #holdOne(forMs: number): Promise<void> {
		this.#pending++;
		try {
			const checkout = await this.#pool.acquire({purpose: 'hold', signal: this.#abort.signal});
			if (this.#abort.signal.aborted) {
				checkout.release();
				return;
			}
			const timer = setTimeout(() => {
				this.#timers.delete(timer);
				checkout.release();
			}, forMs);
			this.#timers.set(timer, () => checkout.release());
		} catch (error) {
			if (!this.#abort.signal.aborted)
				this.#log.add({
					level: 'info',
					topic: 'pool',
					text: `a hold got no connection: ${oneLine(error)}`,
					fold: 'hold',
				});
		} finally {
			this.#pending--;
		}
	}
}
