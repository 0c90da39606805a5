import {moment} from './moment.js';

const everyMs = 10;
const kept = 150;

/** Measures how long this process does not get to its work: on a busy machine, time in which it can neither hear nor answer. */
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

	/** The longest time in the last second and a half. */
	get worst(): number {
		return Math.max(moment() - this.#due, ...this.#late, 0);
	}

	stop(): void {
		clearInterval(this.#timer);
	}
}
