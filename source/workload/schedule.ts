/** Milliseconds between two ticks, when the calls of that time are due. */
const tickMs = 2;

/** Further behind than this, the process did not run (suspended, stopped): what was due meanwhile is skipped. */
const maxBehindMs = 2000;

/** Calls started in one go before the event loop gets a turn. */
const maxBurst = 500;

/**
 * Says when calls are due: so many a second, whether or not earlier ones have been answered (open loop).
 *
 * Calls come due at ticks. One that starts late because the event loop was busy still counts from when it was due.
 */
export class Schedule {
	#state: {readonly type: 'stopped'} | {readonly type: 'running'; timer: NodeJS.Timeout | NodeJS.Immediate} = {
		type: 'stopped',
	};
	#nextTickAt = 0;
	/** Calls that are due at the next tick, with the fraction left over by earlier ones. */
	#credit = 0;
	#skipped = 0;

	constructor(
		private readonly start: (dueAt: number) => void,
		/** Called at least every few milliseconds while it runs. */
		private readonly onTick: (now: number) => void,
		public rate: number,
	) {}

	get running(): boolean {
		return this.#state.type === 'running';
	}

	/** Calls that were due while the process did not run. */
	get skipped(): number {
		return this.#skipped;
	}

	run(): void {
		if (this.running) return;
		this.#nextTickAt = performance.now() + tickMs;
		this.#credit = 0;
		this.#state = {type: 'running', timer: setTimeout(() => this.#tick(), tickMs)};
	}

	stop(): void {
		if (this.#state.type === 'stopped') return;
		clearTimeout(this.#state.timer as NodeJS.Timeout);
		clearImmediate(this.#state.timer as NodeJS.Immediate);
		this.#state = {type: 'stopped'};
	}

	#tick(): void {
		const now = performance.now();
		this.#skipOld(now);
		let left = maxBurst;
		while (this.#nextTickAt <= now && left > 0) {
			const perTick = (this.rate * tickMs) / 1000;
			if (this.#credit < 1) this.#credit += perTick;
			while (this.#credit >= 1 && left > 0) {
				this.#credit--;
				left--;
				this.start(this.#nextTickAt);
			}
			if (this.#credit < 1) this.#nextTickAt += tickMs;
		}
		this.onTick(now);
		if (this.#state.type !== 'running') return;
		const wait = this.#nextTickAt - performance.now();
		this.#state.timer = wait > 0 ? setTimeout(() => this.#tick(), Math.ceil(wait)) : setImmediate(() => this.#tick());
	}

	#skipOld(now: number): void {
		const ticks = Math.floor((now - maxBehindMs - this.#nextTickAt) / tickMs);
		if (ticks <= 0) return;
		this.#nextTickAt += ticks * tickMs;
		this.#skipped += Math.round((ticks * this.rate * tickMs) / 1000);
	}
}
