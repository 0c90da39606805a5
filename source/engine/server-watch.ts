import {sampleTtl, type TtlSample} from '../inspect/sample-ttl.js';
import type {Sender} from '../inspect/sender.js';
import {readServer} from '../inspect/server-info.js';
import type {ServerSnapshot} from './protocol.js';

/** Milliseconds between two looks at INFO, and between two samples of TTLs. */
const infoMs = 1000;
const sampleMs = 2000;

export type TimedTtlSample = TtlSample & {readonly at: number};

/**
 * Asks the server about itself at a gentle pace, on a connection of its own. Nothing waits for it: while the server is
 * away, what it said last stays, and its age tells.
 */
export class ServerWatch {
	readonly #inspector: Sender;
	readonly #timer: NodeJS.Timeout;
	#server: ServerSnapshot | undefined;
	#sample: TimedTtlSample | undefined;
	#sampledAt = 0;
	#busy = false;
	#closed = false;

	constructor(inspector: Sender, first: ServerSnapshot | undefined) {
		this.#inspector = inspector;
		this.#server = first;
		this.#timer = setInterval(() => void this.#look(), infoMs);
		void this.#look();
	}

	/** The last answer. */
	get server(): ServerSnapshot | undefined {
		return this.#server;
	}

	get ttlSample(): TimedTtlSample | undefined {
		return this.#sample;
	}

	close(): void {
		this.#closed = true;
		clearInterval(this.#timer);
	}

	async #look(): Promise<void> {
		if (this.#busy || this.#closed) return;
		this.#busy = true;
		try {
			this.#server = await readServer(this.#inspector);
			if (Date.now() - this.#sampledAt >= sampleMs && !this.#closed) {
				this.#sampledAt = Date.now();
				const cursor = this.#sample?.cursor;
				const sample = await sampleTtl(this.#inspector, cursor === undefined ? {} : {cursor});
				this.#sample = {...sample, at: Date.now()};
			}
		} catch {
			// The server is away or too busy to tell: the age of the last answer says so on screen.
		} finally {
			this.#busy = false;
		}
	}
}
