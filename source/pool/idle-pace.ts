/** In an idle process, servers are checked this many times less often. */
export const idleFactor = 5;

/**
 * Decides which of the regular checks of a server (pings, and CLIENT TRACKING on lanes) are skipped while the application makes no
 * calls.
 */
export class IdlePace {
	readonly #isIdle: () => boolean;
	#skipped = 0;

	/** @param isIdle True while the application makes no calls. */
	constructor(isIdle: () => boolean) {
		this.#isIdle = isIdle;
	}

	/** True if this check is skipped. Call it once for each. */
	skips(): boolean {
		if (this.#isIdle() && ++this.#skipped < idleFactor) return true;
		this.#skipped = 0;
		return false;
	}
}
