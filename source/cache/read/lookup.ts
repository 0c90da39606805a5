import type {Parsed} from '../entry/entry.js';
import type {Namespace} from '../keys/namespace.js';
import type {Lookups} from './lookups.js';
import {ReadRequest, type Reply} from './read-request.js';

/** A value that was found, and where. Times are local milliseconds. */
export type Hit = {
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
export type ReadResult = {
	/** What there is, if it is not past its grace. */
	readonly found: Hit | undefined;
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
export abstract class PendingRead extends ReadRequest {
	readonly #lookups: Lookups;

	constructor(
		lookups: Lookups,
		readonly space: Namespace,
		readonly key: string,
		physical: string,
		/** Redis must be asked. */
		readonly strict: boolean,
	) {
		super(physical, 0);
		this.#lookups = lookups;
	}

	abstract done(lookup: ReadResult): void;
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
export class PromisedLook extends PendingRead {
	constructor(
		lookups: Lookups,
		space: Namespace,
		key: string,
		physical: string,
		strict: boolean,
		readonly done: (lookup: ReadResult) => void,
		readonly fail: (error: Error) => void,
	) {
		super(lookups, space, key, physical, strict);
	}
}
