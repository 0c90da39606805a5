import type {Parsed} from './entry.js';
import type {Lookups} from './lookups.js';
import {ReadRequest, type Reply} from './read-request.js';
import type {Space} from './space.js';

/** A value that was found, and where. Times are local milliseconds. */
export type Found = {
	readonly kind: 'value' | 'absent';
	readonly value: unknown;
	readonly source: 'memory' | 'redis';
	readonly version: number;
	readonly obtainedAt: number;
	readonly freshUntil: number;
	readonly staleUntil: number;
	readonly ttlMs: number;
};

/** What a look at a key has shown. */
export type Lookup = {
	/** What there is, if it is not past its grace. */
	readonly found: Found | undefined;
	/** Whether it is past its TTL. */
	readonly stale: boolean;
	/** Whether Redis was asked and answered. */
	readonly viaRedis: boolean;
	/** Version of what Redis had, live or not; 0: nothing. */
	readonly seenVersion: number;
	/** The lease in Redis at that time; 0: none. */
	readonly lease: number;
	/** The mark of the namespace at that time; 0: there was none. */
	readonly mark: number;
};

/** A lookup on its way: told once what came of it. */
export abstract class Look extends ReadRequest {
	readonly #lookups: Lookups;

	constructor(
		lookups: Lookups,
		readonly space: Space,
		readonly key: string,
		physical: string,
		/** Redis must be asked. */
		readonly strict: boolean,
	) {
		super(physical, 0);
		this.#lookups = lookups;
	}

	abstract done(lookup: Lookup): void;
	/** Only with `strict`, or when the cache is closed. */
	abstract fail(error: Error): void;

	answered(parsed: Parsed, mark: number, reply: Reply): void {
		this.#lookups.answered(this, parsed, mark, reply);
	}

	failed(error: Error): void {
		this.#lookups.withoutRedis(this, error);
	}
}

/** For who awaits it. */
export class PromisedLook extends Look {
	constructor(
		lookups: Lookups,
		space: Space,
		key: string,
		physical: string,
		strict: boolean,
		readonly done: (lookup: Lookup) => void,
		readonly fail: (error: Error) => void,
	) {
		super(lookups, space, key, physical, strict);
	}
}
