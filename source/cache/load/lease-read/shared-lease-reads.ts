import type {ReadResult} from '../../read/look-up.js';
import type {ScriptCall} from '../../scripts/script-call.js';
import type {InProgress} from '../../support/in-progress.js';
import type {Flight} from '../flight.js';
import type {Lease} from '../lease/acquire-lease.js';

/** State of a key when its load may begin. */
export type ReadForLoad = {
	/** The result of the read. */
	readonly seen: ReadResult;
	/** The lease that was granted, or may have been granted, with the read. It must be used or given up. */
	readonly claim?: Claim | undefined;
	/** Set if the result is that of another call's lease read. */
	readonly joined?: SharedLeaseRead | undefined;
};

/**
 * A lease that was granted with a read, for a load that has not begun; or the number of a lease request whose answer was lost.
 * Only the first call of `use` or `giveUp` has an effect.
 */
export type Claim = {
	readonly lease: Lease | undefined;
	readonly lostRequest: number | undefined;
	/** The load has begun with this claim, and will release the lease. */
	use(flight: Flight): void;
	/** There will be no load: releases the lease. */
	giveUp(): void;
};

/**
 * What callers share of a *lease read*: the read of a `getOrSet` that also takes the lease of its key if the key is a miss.
 */
export class SharedLeaseRead {
	/** The result of the read. */
	result: Promise<ReadForLoad> = noResult;
	/**
	 * The call of the script; `undefined` before it is made, and once its outcome is known: the key may then be read with MGET.
	 */
	call: ScriptCall | undefined;
	#isOver = false;
	#flight: Flight | undefined;
	#waiting: ((flight: Flight | undefined) => void)[] = noneWaiting;

	/** True while the script has not been sent, so that its result will not be older than a call that is made now. */
	get isUnsent(): boolean {
		return this.call?.sentAs === 0;
	}

	/** Resolves with the load that begins with its lease; with `undefined` if none does. */
	whenOver(): Promise<Flight | undefined> {
		if (this.#isOver) return Promise.resolve(this.#flight);
		return new Promise((resolve) => {
			if (this.#waiting === noneWaiting) this.#waiting = [];
			this.#waiting.push(resolve);
		});
	}

	/** A load has begun with its lease; `undefined` if none will. */
	end(flight: Flight | undefined): void {
		this.#isOver = true;
		this.#flight = flight;
		for (const resolve of this.#waiting) resolve(flight);
		this.#waiting = noneWaiting;
	}
}

const noResult = new Promise<ReadForLoad>(() => {});
const noneWaiting: ((flight: Flight | undefined) => void)[] = [];

/**
 * The lease reads whose load has not begun, one for each key. Other callers of the key wait for that load instead of requesting a
 * lease that their own process already holds.
 */
export class SharedLeaseReads {
	readonly #byKey = new Map<string, SharedLeaseRead>();
	readonly #leased: InProgress;

	/** @param leased See `Flights`. */
	constructor(leased: InProgress) {
		this.#leased = leased;
	}

	get size(): number {
		return this.#byKey.size;
	}

	get(redisKey: string): SharedLeaseRead | undefined {
		return this.#byKey.size === 0 ? undefined : this.#byKey.get(redisKey);
	}

	add(redisKey: string, shared: SharedLeaseRead): void {
		this.#leased.begin();
		this.#byKey.set(redisKey, shared);
	}

	/** The lease read has ended: see `SharedLeaseRead.end`. */
	remove(redisKey: string, shared: SharedLeaseRead): void {
		this.#leased.end();
		if (this.#byKey.get(redisKey) === shared) this.#byKey.delete(redisKey);
	}

	/** This process changes the key: calls that are made after that must not join. */
	forget(redisKey: string): void {
		if (this.#byKey.size > 0) this.#byKey.delete(redisKey);
	}

	/** Like `forget`, for all keys that start with a prefix. */
	forgetAll(entryPrefix: string): void {
		for (const redisKey of this.#byKey.keys()) if (redisKey.startsWith(entryPrefix)) this.#byKey.delete(redisKey);
	}
}
