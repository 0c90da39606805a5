import type {ReadResult} from '../../read/look-up.js';
import type {ScriptCall} from '../../scripts/script-call.js';
import type {InProgress} from '../../support/in-progress.js';
import type {Flight} from '../flight.js';
import type {Lease} from '../lease/acquire-lease.js';

/** State of a key when its load may begin. */
export type Looked = {
	/** The result of the read. */
	readonly seen: ReadResult;
	/** The lease that it was granted, or may have been granted: to be used, or given up. */
	readonly claim?: Claim | undefined;
	/** The look of another call that this is the result of. */
	readonly joined?: Look | undefined;
};

/**
 * A lease that was granted to a load which has not begun, or the number of a request for one whose answer was lost. Only the first
 * call of `use` or `giveUp` counts.
 */
export type Claim = {
	readonly lease: Lease | undefined;
	readonly lostRequest: number | undefined;
	/** Its load has begun, and gives back what it does not need. */
	use(flight: Flight): void;
	/** There will be no load: the lease is given back. */
	giveUp(): void;
};

/** A read that takes the lease of its key, if that is a miss. */
export class Look {
	/** Its result. */
	looked: Promise<Looked> = notLooked;
	/** The request to Redis; `undefined` before it is made, and once its outcome is known: the key may be read in another way then. */
	call: ScriptCall | undefined;
	#isOver = false;
	#flight: Flight | undefined;
	#waiting: ((flight: Flight | undefined) => void)[] = noneWaiting;

	/** True while Redis cannot have seen it: what it will find is then no older than a call that is made now. */
	get isUnsent(): boolean {
		return this.call?.sentAs === 0;
	}

	/** Resolves with the load that begins with its lease; `undefined`: none does. */
	whenOver(): Promise<Flight | undefined> {
		if (this.#isOver) return Promise.resolve(this.#flight);
		return new Promise((resolve) => {
			if (this.#waiting === noneWaiting) this.#waiting = [];
			this.#waiting.push(resolve);
		});
	}

	/** A load has begun with its lease; `undefined`: none will. */
	end(flight: Flight | undefined): void {
		this.#isOver = true;
		this.#flight = flight;
		for (const resolve of this.#waiting) resolve(flight);
		this.#waiting = noneWaiting;
	}
}

const notLooked = new Promise<Looked>(() => {});
const noneWaiting: ((flight: Flight | undefined) => void)[] = [];

/**
 * The looks whose load has not begun, one for each key: other callers of the key wait for that load instead of asking for a lease
 * that their own process has.
 */
export class Looks {
	readonly #byKey = new Map<string, Look>();
	readonly #leased: InProgress;

	/** @param leased See `Flights`. */
	constructor(leased: InProgress) {
		this.#leased = leased;
	}

	get size(): number {
		return this.#byKey.size;
	}

	get(redisKey: string): Look | undefined {
		return this.#byKey.size === 0 ? undefined : this.#byKey.get(redisKey);
	}

	add(redisKey: string, look: Look): void {
		this.#leased.begin();
		this.#byKey.set(redisKey, look);
	}

	/** It is over: see `Look.end`. */
	remove(redisKey: string, look: Look): void {
		this.#leased.end();
		if (this.#byKey.get(redisKey) === look) this.#byKey.delete(redisKey);
	}

	/** The key is changed by this process: calls that are made after that do not join. */
	forget(redisKey: string): void {
		if (this.#byKey.size > 0) this.#byKey.delete(redisKey);
	}

	/** As `forget`, for all keys that start with a prefix. */
	forgetAll(entryPrefix: string): void {
		for (const redisKey of this.#byKey.keys()) if (redisKey.startsWith(entryPrefix)) this.#byKey.delete(redisKey);
	}
}
