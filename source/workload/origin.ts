/** A value as the workload keeps it in the cache: what it says of itself decides whether a read of it was right. */
export type OriginValue = {
	/** Number of the key. */
	readonly key: number;
	readonly version: number;
	/** Which workload wrote it: versions of another one mean nothing here. */
	readonly run: string;
	readonly pad: string;
};

/**
 * The truth that the cache is a copy of: every key has a row, and every change of it a version.
 *
 * The acknowledged version of a key is the newest one whose change the cache has confirmed. A read that began after that and
 * returns something older is wrong.
 */
export class Origin {
	readonly #run: string;
	readonly #pad: string;
	#versions: Uint32Array;
	#acknowledged: Uint32Array;
	/** 1: the cache was given its row, or asked to get it. */
	#given: Uint8Array;

	constructor(keys: number, run: string, valueBytes: number) {
		this.#run = run;
		this.#versions = new Uint32Array(keys);
		this.#acknowledged = new Uint32Array(keys);
		this.#given = new Uint8Array(keys);
		this.#pad = 'x'.repeat(valueBytes);
	}

	/** Notes that the cache will have something of this key. */
	give(key: number): void {
		this.#given[key] = 1;
	}

	/** All keys that were noted. */
	*given(): Iterable<number> {
		for (let key = this.#given.indexOf(1); key >= 0; key = this.#given.indexOf(1, key + 1)) yield key;
	}

	/** Makes room for more keys. Those that are known keep their versions. */
	grow(keys: number): void {
		if (keys <= this.#versions.length) return;
		this.#versions = enlarged(this.#versions, keys);
		this.#acknowledged = enlarged(this.#acknowledged, keys);
		const given = new Uint8Array(keys);
		given.set(this.#given);
		this.#given = given;
	}

	/** The row as it is now. */
	read(key: number): OriginValue {
		return {key, version: this.#versions[key] ?? 0, run: this.#run, pad: this.#pad};
	}

	/** Changes the row; returns its new version. */
	change(key: number): number {
		const version = (this.#versions[key] ?? 0) + 1;
		this.#versions[key] = version;
		return version;
	}

	/** The cache has confirmed the change that made this version. */
	acknowledge(key: number, version: number): void {
		if (version > (this.#acknowledged[key] ?? 0)) this.#acknowledged[key] = version;
	}

	/** What a read that begins now must at least return. */
	acknowledged(key: number): number {
		return this.#acknowledged[key] ?? 0;
	}

	/** The version that a value proves: 0 for one of another run, -1 for something that was never written under this key. */
	versionOf(key: number, value: unknown): number {
		if (!isOriginValue(value)) return -1;
		if (value.run !== this.#run) return 0;
		return value.key === key ? value.version : -1;
	}
}

function isOriginValue(value: unknown): value is OriginValue {
	return (
		typeof value === 'object' &&
		value !== null &&
		'version' in value &&
		typeof value.version === 'number' &&
		'run' in value &&
		'key' in value
	);
}

function enlarged(array: Uint32Array, length: number): Uint32Array {
	const larger = new Uint32Array(length);
	larger.set(array);
	return larger;
}
