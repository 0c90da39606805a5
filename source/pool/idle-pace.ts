/** In an idle process, servers are pinged this many times less often. */
export const idleFactor = 5;

/** Decides which of the regular pings are skipped while the application makes no calls. */
export class IdlePace {
	readonly #isIdle: () => boolean;
	#skipped = 0;

	/** @param isIdle True while the application makes no calls. */
	constructor(isIdle: () => boolean) {
		this.#isIdle = isIdle;
	}

	/** True if this ping is skipped. Call it once for each. */
	skips(): boolean {
		if (this.#isIdle() && ++this.#skipped < idleFactor) return true;
		this.#skipped = 0;
		return false;
	}
}
