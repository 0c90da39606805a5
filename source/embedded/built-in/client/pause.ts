import type {Client} from './client.js';

type PauseKind = 'all' | 'write';

/** CLIENT PAUSE: holds back requests for a while, all of them or those that write. */
export class Pause {
	#state: {readonly kind: PauseKind; readonly until: number; readonly timer: NodeJS.Timeout} | undefined;
	readonly #held = new Set<Client>();

	constructor(readonly resume: (clients: readonly Client[]) => void) {}

	/** Starts a pause. An active one can get longer and stricter, but never shorter or less strict. */
	start(kind: PauseKind, now: number, ms: number): void {
		const until = Math.max(now + ms, this.#state?.until ?? 0);
		const strictest = this.#state?.kind === 'all' ? 'all' : kind;
		clearTimeout(this.#state?.timer);
		const timer = setTimeout(() => this.end(), Math.min(until - now, 2 ** 31 - 1));
		this.#state = {kind: strictest, until, timer};
	}

	end(): void {
		clearTimeout(this.#state?.timer);
		this.#state = undefined;
		const held = [...this.#held];
		this.#held.clear();
		this.resume(held);
	}

	holds(writes: boolean): boolean {
		return this.#state !== undefined && (this.#state.kind === 'all' || writes);
	}

	hold(client: Client, args: readonly string[]): void {
		client.blocked = {kind: 'postponed', args};
		this.#held.add(client);
	}

	drop(client: Client): void {
		this.#held.delete(client);
	}
}
