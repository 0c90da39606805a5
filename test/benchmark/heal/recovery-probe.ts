import type {OpenPeer} from '../peers/peer.js';
import {seed} from './seed.js';

const everyMs = 20;
const fromRedis = 'only Redis has this';
const ttlMs = 300_000;

const probeKeys = (index: number): readonly string[] => [`probe:get:${index}`, `probe:load:${index}`];

/** Probes for values that another process has put into Redis: a cache that returns one has read it from Redis. */
export class RecoveryProbe {
	readonly #count: number;

	/** @param limitMs Longest time to probe. */
	constructor(limitMs: number) {
		this.#count = Math.ceil(limitMs / everyMs) + 1;
	}

	/** @param writer The same library, connected directly. */
	async prepare(writer: OpenPeer, directUrl: string): Promise<void> {
		const keys = Array.from({length: this.#count}, (_, index) => probeKeys(index)).flat();
		await seed(writer, directUrl, keys, fromRedis, ttlMs);
	}

	/**
	 * @param since Unix time in ms from which Redis could be reached again.
	 * @returns Milliseconds until `peer` first returned a value from Redis; `null`: not within the limit.
	 */
	async run(peer: OpenPeer, since: number): Promise<number | null> {
		let found: number | undefined;
		const judge = (value: unknown): void => {
			if (value === fromRedis) found ??= Date.now() - since;
		};
		const ask = (call: Promise<unknown>): void => void call.then(judge, () => {});
		for (let index = 0; index < this.#count && found === undefined; index++) {
			const [get = '', load = ''] = probeKeys(index);
			ask(peer.get(get));
			ask(peer.getOrSet(load, () => 'loaded', ttlMs));
			// Some libraries serve a first get from memory only, and ask Redis in the background.
			if (index > 0) ask(peer.get(probeKeys(index - 1)[0] ?? ''));
			await new Promise((resolve) => setTimeout(resolve, everyMs));
		}
		return found ?? null;
	}
}
