import type {OpenPeer} from '../peers/peer.js';
import {seed} from './seed.js';

const everyMs = 20;
const fromRedis = 'only Redis has this';
const ttlMs = 300_000;

const looks = (index: number): readonly string[] => [`probe:get:${index}`, `probe:load:${index}`];

/** Values that another process has put into Redis, so that a cache which returns one has read it there. */
export class RecoveryProbe {
	readonly #count: number;

	/** @param limitMs How long it may look. */
	constructor(limitMs: number) {
		this.#count = Math.ceil(limitMs / everyMs) + 1;
	}

	/** @param writer The same library, connected directly. */
	async prepare(writer: OpenPeer, directUrl: string): Promise<void> {
		const keys = Array.from({length: this.#count}, (_, index) => looks(index)).flat();
		await seed(writer, directUrl, keys, fromRedis, ttlMs);
	}

	/**
	 * Milliseconds until `peer` first returns a value that it must have from Redis; null: not within the limit.
	 *
	 * @param since When Redis could be reached again, Unix time in milliseconds.
	 */
	async run(peer: OpenPeer, since: number): Promise<number | null> {
		let found: number | undefined;
		const judge = (value: unknown): void => {
			if (value === fromRedis) found ??= Date.now() - since;
		};
		const ask = (call: Promise<unknown>): void => void call.then(judge, () => {});
		for (let index = 0; index < this.#count && found === undefined; index++) {
			const [get = '', load = ''] = looks(index);
			ask(peer.get(get));
			ask(peer.getOrSet(load, () => 'loaded', ttlMs));
			// Some libraries answer a first get from memory only, and ask Redis in the background.
			if (index > 0) ask(peer.get(looks(index - 1)[0] ?? ''));
			await new Promise((resolve) => setTimeout(resolve, everyMs));
		}
		return found ?? null;
	}
}
