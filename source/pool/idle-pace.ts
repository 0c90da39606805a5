/** In an idle process servers are asked this many times as seldom. */
export const idleFactor = 5;

/** Says which of the regular questions to a server are left out while the application makes no calls. */
export class IdlePace {
	readonly #isIdle: () => boolean;
	#skipped = 0;

	/** @param isIdle True while the application makes no calls. */
	constructor(isIdle: () => boolean) {
		this.#isIdle = isIdle;
	}

	/** True if this question is left out. To be called once for each. */
	skips(): boolean {
		if (this.#isIdle() && ++this.#skipped < idleFactor) return true;
		this.#skipped = 0;
		return false;
	}
}
