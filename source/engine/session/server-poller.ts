import {sampleTtl, type TtlSample} from '../../inspect/keys/sample-ttl.js';
import type {Sender} from '../../inspect/sender.js';
import {readServer} from '../../inspect/server-info.js';
import type {CacheSnapshot, TtlHistogram} from '../../metrics/snapshot.js';
import {ttlBuckets} from '../../metrics/ttl-histogram.js';
import type {ServerSnapshot} from '../protocol.js';

const infoEveryMs = 1000;
const sampleEveryMs = 2000;

/** Milliseconds after which a sample of TTLs is too old to stand for what is in Redis. */
const maxSampleAgeMs = 6000;

type TimedSample = TtlSample & {
	/** Unix time in milliseconds. */
	readonly at: number;
};

/**
 * Polls INFO and samples TTLs, at a pace that the server does not notice. Nothing waits for it: while the server does
 * not answer, the last answer stays, with its age.
 */
export class ServerPoller {
	readonly #inspector: Sender;
	readonly #timer: NodeJS.Timeout;
	#server: ServerSnapshot | undefined;
	#sample: TimedSample | undefined;
	#sampledAt = 0;
	#isBusy = false;
	#isClosed = false;

	/** @param first An answer of the server that is known already. */
	constructor(inspector: Sender, first: ServerSnapshot | undefined) {
		this.#inspector = inspector;
		this.#server = first;
		this.#timer = setInterval(() => void this.#poll(), infoEveryMs);
		void this.#poll();
	}

	/** The last answer to INFO. */
	get server(): ServerSnapshot | undefined {
		return this.#server;
	}

	/** The TTLs in Redis, if the cache uses it and it was sampled recently; else those in the memory tier. */
	ttlHistogram(cache: CacheSnapshot): TtlHistogram {
		const sample = this.#sample;
		if (cache.mode.mode !== 'connected' || !sample || Date.now() - sample.at > maxSampleAgeMs) return cache.ttl;
		const {ttls, total, at} = sample;
		return {source: 'redis', buckets: ttlBuckets(ttls), sampled: ttls.length, total, at};
	}

	close(): void {
		this.#isClosed = true;
		clearInterval(this.#timer);
	}

	async #poll(): Promise<void> {
		if (this.#isBusy || this.#isClosed) return;
		this.#isBusy = true;
		try {
			this.#server = await readServer(this.#inspector);
			if (Date.now() - this.#sampledAt >= sampleEveryMs && !this.#isClosed) {
				this.#sampledAt = Date.now();
				const cursor = this.#sample?.cursor;
				const sample = await sampleTtl(this.#inspector, cursor === undefined ? {} : {cursor});
				this.#sample = {...sample, at: Date.now()};
			}
		} catch {
			// The server does not answer: the age of its last answer shows that.
		} finally {
			this.#isBusy = false;
		}
	}
}
