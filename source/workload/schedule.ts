/** Milliseconds between two ticks. The calls of that time are due at its end. */
const tickMs = 2;

/** A process that is further behind was suspended or stopped: calls due meanwhile are skipped. */
const maxBehindMs = 2000;

/** Most calls started in one turn of the event loop. */
const maxBurst = 500;

/**
 * Starts calls at a fixed rate, whether or not earlier ones have settled (open loop).
 *
 * Calls are due at ticks. The time of a call that starts late, because the event loop was busy, still counts from when it was
 * due.
 */
export class Schedule {
	#state: {readonly type: 'stopped'} | {readonly type: 'running'; timer: NodeJS.Timeout | NodeJS.Immediate} = {
		type: 'stopped',
	};
	#nextTickAt = 0;
	/** Calls due at the next tick, including the fraction left over by earlier ones. */
	#credit = 0;
	#skipped = 0;

	constructor(
		private readonly start: (dueAt: number) => void,
		/** Called after the calls of each tick were started. */
		private readonly onTick: (now: number) => void,
		/** Calls per second. */
		public rate: number,
	) {}

	get running(): boolean {
		return this.#state.type === 'running';
	}

	/** Number of calls that were due while the process did not run. */
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
