import {Namespace} from './namespace.js';

/** Parses Redis keys that `Namespace` has built into their namespace and the key that callers know. */
export class KeyParser {
	readonly #prefix: string;
	/** Index at which the namespace begins. */
	readonly #start: number;

	constructor(prefix: string) {
		this.#prefix = prefix;
		this.#start = prefix.length + 1;
	}

	/** True for the Redis key of a marker. */
	isMarkerKey(redisKey: string): boolean {
		return redisKey[this.#start] === '!';
	}

	/** Name of the namespace of an entry or a marker. */
	namespaceOf(redisKey: string): string {
		const isMarker = this.isMarkerKey(redisKey);
		const start = isMarker ? this.#start + 2 : this.#start;
		const end = redisKey.indexOf(isMarker ? '}' : ':', start);
		return end < 0 ? redisKey.slice(start) : redisKey.slice(start, end);
	}

	/** Key of an entry, without prefix and namespace. */
	keyOf(redisKey: string): string {
		return redisKey.slice(redisKey.indexOf(':', this.#start) + 1);
	}

	/** The namespace of an entry or a marker, also if this process has not opened it. */
	namesOf(redisKey: string): Namespace {
		return new Namespace(this.#prefix, this.namespaceOf(redisKey), undefined);
	}
}
