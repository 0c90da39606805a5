/** A value as the workload stores it in the cache, with its key and version. */
export type OriginValue = {
	/** Number of the key. */
	readonly key: number;
	readonly version: number;
	/** The workload that wrote it: versions of another one cannot be compared. */
	readonly run: string;
	readonly pad: string;
};

/**
 * The data source that the cache is a copy of: every key has a row, and each change of a row gives it a new version.
 *
 * The acknowledged version of a key is the newest one whose change the cache has confirmed. A read that starts after
 * that and returns an older version is wrong.
 */
export class Origin {
	readonly #run: string;
	readonly #pad: string;
	#versions: Uint32Array;
	#acknowledged: Uint32Array;
	/** 1 for each key that the cache may contain. */
	#used: Uint8Array;

	constructor(keys: number, run: string, valueBytes: number) {
		this.#run = run;
		this.#versions = new Uint32Array(keys);
		this.#acknowledged = new Uint32Array(keys);
		this.#used = new Uint8Array(keys);
		this.#pad = 'x'.repeat(valueBytes);
	}

	/** Records that the cache may contain this key from now on. */
	markUsed(key: number): void {
		this.#used[key] = 1;
	}

	/** Keys that the cache may contain. */
	*used(): Iterable<number> {
		for (let key = this.#used.indexOf(1); key >= 0; key = this.#used.indexOf(1, key + 1)) yield key;
	}

	/** Keys with a confirmed change. */
	*changed(): Iterable<number> {
		for (const key of this.used()) if (this.acknowledged(key) > 0) yield key;
	}

	/** Adds keys. Existing ones keep their versions. */
	grow(keys: number): void {
		if (keys <= this.#versions.length) return;
		this.#versions = enlarged(this.#versions, keys);
		this.#acknowledged = enlarged(this.#acknowledged, keys);
		const used = new Uint8Array(keys);
		used.set(this.#used);
		this.#used = used;
	}

	/** The current row of a key. */
	read(key: number): OriginValue {
		return {key, version: this.#versions[key] ?? 0, run: this.#run, pad: this.#pad};
	}

	/** Changes the row of a key. Returns its new version. */
	change(key: number): number {
		const version = (this.#versions[key] ?? 0) + 1;
		this.#versions[key] = version;
		return version;
	}

	/** The cache has confirmed the change that made this version. */
	acknowledge(key: number, version: number): void {
		if (version > (this.#acknowledged[key] ?? 0)) this.#acknowledged[key] = version;
	}

	/** The oldest version that a read which starts now may return. */
	acknowledged(key: number): number {
		return this.#acknowledged[key] ?? 0;
	}

	/** The version of a value: 0 for one of another workload, -1 for one that was never written under this key. */
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
