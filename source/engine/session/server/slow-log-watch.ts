import type {Sender} from '../../../inspect/sender.js';
import type {Refusals} from '../../../inspect/server/info/refusals.js';
import {newestOwnCall, parseSlowLog, type SlowCall} from '../../../inspect/server/info/slow-log.js';

const everyMs = 5000;

/** Entries that are read at a time. */
const entries = 32;

type SlowLogWatchOptions = {
	readonly sender: Sender;
	readonly refusals: Refusals;
	/** Called if the log has a new entry for a command of this program. */
	readonly onOwn: () => Promise<void>;
};

/** Reads the slow log of one server periodically. */
export class SlowLogWatch {
	readonly #options: SlowLogWatchOptions;
	#calls: readonly SlowCall[] = [];
	#newestOwn = -1;
	#readAt = Number.NEGATIVE_INFINITY;

	constructor(options: SlowLogWatchOptions) {
		this.#options = options;
	}

	/**
	 * The newest slow commands of other programs.
	 *
	 * @param aheadMs Milliseconds by which the server's clock is ahead of the local one.
	 */
	async read(aheadMs: number): Promise<readonly SlowCall[]> {
		if (performance.now() - this.#readAt < everyMs) return this.#calls;
		const {sender, refusals, onOwn} = this.#options;
		const log = await refusals.ask('SLOWLOG', () => sender.send('SLOWLOG', ['GET', entries]));
		this.#readAt = performance.now();
		this.#calls = parseSlowLog(log, aheadMs);
		const own = newestOwnCall(log) ?? -1;
		if (own > this.#newestOwn) await onOwn();
		this.#newestOwn = own;
		return this.#calls;
	}
}
