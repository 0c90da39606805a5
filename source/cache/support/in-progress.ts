/** Counts work in progress. */
export class InProgress {
	#count = 0;
	#onIdle: (() => void)[] = [];

	begin(): void {
		this.#count++;
	}

	end(): void {
		if (--this.#count > 0 || this.#onIdle.length === 0) return;
		const listeners = this.#onIdle;
		this.#onIdle = [];
		for (const listener of listeners) listener();
	}

	/** Resolves when nothing is in progress, including work that was started when the last one ended. */
	async idle(): Promise<void> {
		while (this.#count > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
	}
}
