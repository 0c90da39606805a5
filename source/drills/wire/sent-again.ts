import type {CommandEvent} from '../../tap/traffic.js';
import type {WireReport} from './wire-report.js';

/** Most commands and connections that are remembered. */
const maxRemembered = 10_000;

/** Milliseconds within which a command is sent again, from the failure or from when its new connection opened. */
const againMs = 1000;

type Failure = {readonly connection: number; readonly at: number; readonly isLoss: boolean};

/** Finds commands that look like one that was lost, or answered with an error, a moment before. */
export class SentAgain {
	/** The latest failures, by database, name, number of arguments, size and first key of their commands. */
	readonly #failures = new Map<string, Failure[]>();
	readonly #openedAt = new Map<number, number>();
	#remembered = 0;
	#afterLoss = 0;
	#afterError = 0;

	opened(connection: number, at: number): void {
		if (this.#openedAt.size < maxRemembered) this.#openedAt.set(connection, at);
	}

	closed(connection: number): void {
		this.#openedAt.delete(connection);
	}

	/** @param now Time of its reply, or of its loss. */
	follow(event: CommandEvent, now: number): void {
		// Without a followed key, the command cannot be distinguished from others.
		if (event.keys.length === 0) return;
		const isLoss = event.result === 'lost';
		const isFailure = isLoss || event.result === 'error';
		// Fast path: nearly always there is nothing to compare with.
		if (!isFailure && this.#remembered === 0) return;
		const looks = `${event.db} ${event.command} ${event.argumentCount} ${event.requestBytes} ${event.keys[0]}`;
		this.#compare(event, looks);
		if (isFailure) this.#remember(looks, {connection: event.connection, at: now, isLoss});
	}

	report(): WireReport['sentAgain'] {
		return {afterLoss: this.#afterLoss, afterError: this.#afterError};
	}

	#compare(event: CommandEvent, looks: string): void {
		const failures = this.#failures.get(looks);
		if (failures === undefined) return;
		const openedAt = this.#openedAt.get(event.connection) ?? Number.NEGATIVE_INFINITY;
		const index = failures.findIndex(({connection, at, isLoss}) => {
			if (event.startedAt < at || isLoss === (connection === event.connection)) return false;
			return event.startedAt - Math.max(at, isLoss ? openedAt : at) <= againMs;
		});
		const [failure] = index === -1 ? [] : failures.splice(index, 1);
		if (failure === undefined) return;
		this.#remembered--;
		if (failures.length === 0) this.#failures.delete(looks);
		if (failure.isLoss) this.#afterLoss++;
		else this.#afterError++;
	}

	#remember(looks: string, failure: Failure): void {
		if (this.#remembered >= maxRemembered) return;
		this.#remembered++;
		const failures = this.#failures.get(looks);
		if (failures === undefined) this.#failures.set(looks, [failure]);
		else failures.push(failure);
	}
}
