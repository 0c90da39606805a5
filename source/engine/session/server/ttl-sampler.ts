import {type KeyTtls, keyTtls} from '../../../inspect/keys/key-ttls.js';
import {LightTtlSample} from '../../../inspect/keys/light-ttl-sample.js';
import {sampleTtl} from '../../../inspect/keys/sample-ttl.js';
import type {Sender} from '../../../inspect/sender.js';
import type {Refusals} from '../../../inspect/server/info/refusals.js';
import type {ServerSnapshot} from '../../../inspect/server/info/server-info.js';
import type {CacheSnapshot} from '../../../metrics/snapshot.js';

const sampleEveryMs = 2000;

/** Milliseconds after which a sample of a private Redis is too old to represent it. */
const maxSampleAgeMs = 6000;

type TtlSamplerOptions = {
	readonly inspector: Sender;
	readonly refusals: Refusals;
	/** True for a Redis that this program did not start: its keys are sampled as little as possible. */
	readonly isExternal: boolean;
};

/** Samples the TTLs of the keys in a Redis. */
export class TtlSampler {
	readonly #options: TtlSamplerOptions;
	readonly #light: LightTtlSample;
	#ttls: KeyTtls | undefined;
	/** The cursor at which the next sample of our own Redis starts. */
	#cursor = '0';
	#sampledAt = 0;
	#isBusy = false;

	constructor(options: TtlSamplerOptions) {
		this.#options = options;
		this.#light = new LightTtlSample(options.inspector);
	}

	/**
	 * The TTLs in Redis. For a private Redis, they are replaced by those in the memory tier while the cache does not use
	 * Redis, or without a recent sample.
	 */
	histogram(cache: CacheSnapshot): KeyTtls {
		const ttls = this.#ttls;
		if (!ttls) return cache.ttl;
		if (this.#options.isExternal) return ttls;
		return cache.mode.mode !== 'connected' || Date.now() - ttls.at > maxSampleAgeMs ? cache.ttl : ttls;
	}

	/**
	 * Takes a sample if one is due. As it needs several round trips, nothing should wait for it. Never rejects.
	 *
	 * @param server Its last answer to INFO.
	 * @param lookups Lookups of applications a second.
	 */
	async sample(server: ServerSnapshot | undefined, lookups: number): Promise<void> {
		if (this.#isBusy) return;
		this.#isBusy = true;
		try {
			if (this.#options.isExternal) await this.#sampleOthers(server, lookups);
			else await this.#sampleOurs(server);
		} catch {
			// Not reported otherwise: the age of the last sample shows it, and the statistics report a silent server.
		} finally {
			this.#isBusy = false;
		}
	}

	async #sampleOthers(server: ServerSnapshot | undefined, lookups: number): Promise<void> {
		const {refusals} = this.#options;
		const now = Date.now();
		try {
			await refusals.ask('SCAN', () => this.#light.refresh({lookups, keys: server?.keys ?? 0}, now));
		} finally {
			const {ttls, at} = this.#light;
			// Without a sample, as for a cluster that is down, the number of keys without a TTL is still known.
			if (server) this.#ttls = keyTtls(ttls ?? [], server, ttls ? at : now);
		}
	}

	async #sampleOurs(server: ServerSnapshot | undefined): Promise<void> {
		const now = Date.now();
		if (now - this.#sampledAt < sampleEveryMs) return;
		this.#sampledAt = now;
		const sample = await sampleTtl(this.#options.inspector, {cursor: this.#cursor});
		this.#cursor = sample.cursor;
		this.#ttls = keyTtls(sample.ttls, {keys: sample.total, expires: server?.expires ?? sample.total}, Date.now());
	}
}
