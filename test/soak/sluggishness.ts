import {moment} from './moment.js';

const everyMs = 10;
const kept = 150;

/** Measures delays of the event loop: on a busy machine, time in which the process can neither receive nor answer. */
export class Sluggishness {
	readonly #late: number[] = [];
	#due = moment() + everyMs;
	readonly #timer: NodeJS.Timeout;

	constructor() {
		this.#timer = setInterval(() => {
			const now = moment();
			this.#late.push(Math.max(0, now - this.#due));
			if (this.#late.length > kept) this.#late.shift();
			this.#due = now + everyMs;
		}, everyMs);
		this.#timer.unref();
	}

	/** The longest delay in the last second and a half, in ms. */
	get worst(): number {
		return Math.max(moment() - this.#due, ...this.#late, 0);
	}

	stop(): void {
		clearInterval(this.#timer);
	}
}
