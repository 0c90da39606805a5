import {moment} from './moment.js';

const everyMs = 10;
const keptMs = 1500;
/** Milliseconds from which on an answer is told in the history of a wrong read. */
const toldMs = 50;

/**
 * Measures how late the server answers. One that gets no processor time may have acknowledged a change to its writer, and not yet
 * announced it to the others: these are two writes to two sockets.
 */
export class ServerLateness {
	readonly #answers: {readonly at: number; readonly ms: number}[] = [];
	readonly #timer: NodeJS.Timeout;
	/** When the question was asked that is not answered yet. */
	#askedAt: number | undefined;

	/** @param ask Asks the server for anything. */
	constructor(ask: () => Promise<unknown>, onLate: (ms: number) => void) {
		this.#timer = setInterval(() => {
			if (this.#askedAt !== undefined) return;
			const askedAt = moment();
			this.#askedAt = askedAt;
			ask()
				.catch(() => {
					// It is killed now and then.
				})
				.then(() => {
					const at = moment();
					this.#askedAt = undefined;
					this.#answers.push({at, ms: at - askedAt});
					while ((this.#answers[0]?.at ?? at) < at - keptMs) this.#answers.shift();
					if (at - askedAt > toldMs) onLate(at - askedAt);
				});
		}, everyMs);
		this.#timer.unref();
	}

	/** The longest time to an answer in the last second and a half, in ms. */
	get worst(): number {
		const now = moment();
		const open = this.#askedAt === undefined ? 0 : now - this.#askedAt;
		return Math.max(open, ...this.#answers.filter(({at}) => at >= now - keptMs).map(({ms}) => ms));
	}

	stop(): void {
		clearInterval(this.#timer);
	}
}
