/** Commands a second up to which all keys are followed. */
export const maxFollowedPerSecond = 20_000;

/** Milliseconds in which commands and hot keys are counted. */
const windowMs = 100;

/** Consecutive windows with fewer commands after which more keys are followed again. */
const calmWindows = 50;

/** Buckets in which the uses of keys are counted, by a hash of the key: a power of two. */
const places = 4096;

/** Uses in a window, and multiple of the average bucket, from which on a key is always followed. */
const hotUses = 20;
const hotRatio = 4;

/**
 * Decides which keys are *followed*, that is, analyzed one by one, so that the tap keeps up with any application. Up to
 * `maxFollowedPerSecond` commands all keys are followed. Above, frequently used keys are followed, and of the others one in
 * `oneIn`, chosen by a hash, so that all uses of a followed key are seen, on every connection.
 */
export class FollowedKeys {
	/** One key in this many is followed: a power of two; 1 for all. */
	oneIn = 1;
	/** The highest value of `oneIn` so far. */
	mostOneIn = 1;
	/** Number of keys that the last followed key represents, including itself. */
	weight = 1;
	#windowFrom = 0;
	#inWindow = 0;
	#calm = 0;
	readonly #uses = new Uint32Array(places);
	/** 1 for buckets with many uses in the last window. A key that shares a bucket with a hot key is followed, too. */
	readonly #isHot = new Uint8Array(places);

	/** Call it for each chunk of requests. @param now Time, as in `CommandEvent`. */
	at(now: number): void {
		const elapsed = now - this.#windowFrom;
		if (elapsed < windowMs) return;
		const perSecond = (this.#inWindow / elapsed) * 1000;
		let wanted = 1;
		while (perSecond > wanted * maxFollowedPerSecond) wanted *= 2;
		if (this.oneIn > 1 || wanted > 1) this.#findHot();
		this.#follow(wanted, Math.floor(elapsed / windowMs));
		this.#windowFrom = now;
		this.#inWindow = 0;
	}

	/** Decides on the key of a command, in the bytes `from` to `to` of a chunk. */
	follows(chunk: Buffer, from: number, to: number): boolean {
		this.#inWindow++;
		this.weight = 1;
		if (this.oneIn === 1) return true;
		let hash = 0x811c9dc5;
		for (let at = from; at < to; at++) hash = Math.imul(hash ^ (chunk[at] ?? 0), 0x01000193);
		hash ^= hash >>> 15;
		const place = (hash >>> 16) & (places - 1);
		this.#uses[place] = (this.#uses[place] ?? 0) + 1;
		if (this.#isHot[place] === 1) return true;
		this.weight = this.oneIn;
		return (hash & (this.oneIn - 1)) === 0;
	}

	#findHot(): void {
		const limit = Math.max(hotUses, (this.#inWindow / places) * hotRatio);
		for (let place = 0; place < places; place++) this.#isHot[place] = (this.#uses[place] ?? 0) > limit ? 1 : 0;
		this.#uses.fill(0);
	}

	/**
	 * Follows fewer keys immediately, but more only after a while. @param windows Number of windows with this rate: several
	 * after a pause.
	 */
	#follow(wanted: number, windows: number): void {
		this.#calm = wanted < this.oneIn ? this.#calm + windows : 0;
		if (wanted > this.oneIn) this.oneIn = wanted;
		for (; this.#calm >= calmWindows && wanted < this.oneIn; this.#calm -= calmWindows) this.oneIn /= 2;
		this.mostOneIn = Math.max(this.mostOneIn, this.oneIn);
	}
}
