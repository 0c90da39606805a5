import type {Namespace} from '../../keys/namespace.js';
import {EntryRead, type ReadResult} from '../../read/look-up.js';
import type {Flight} from '../flight.js';
import type {Lease} from '../lease/acquire-lease.js';
import {isFresh} from '../lease/wait-for-other.js';
import {type Claim, Look, type Looked, type Looks} from './looks.js';

export type LeaseReadParts = {
	readonly looks: Looks;
	/** Gives a lease back. */
	readonly release: (redisKey: string, token: number) => void;
	/** Gives back a lease that may have been granted to a request whose answer was lost. */
	readonly giveBackLost: (redisKey: string, number: number) => void;
};

/** A key that is read for a load. */
export type LookRequest = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly redisKey: string;
	/** Longest time of the load, in milliseconds. */
	readonly hardMs: number;
	/** True if it is to be loaded whatever Redis has. */
	readonly isReload: boolean;
	/** True if the read fails instead of falling back to memory. */
	readonly isStrict: boolean;
};

/** The read of a key that may have been granted its lease: settles the look that it is a part of. */
export class LeaseRead extends EntryRead {
	/** Set before it is settled, if the lease was granted. */
	granted: Lease | undefined;
	/** Number of the request, if its answer was lost. */
	lostRequest: number | undefined;
	readonly look = new Look();
	readonly #parts: LeaseReadParts;
	readonly #isReload: boolean;
	#resolve: (looked: Looked) => void = () => {};
	#reject: (error: Error) => void = () => {};

	constructor(parts: LeaseReadParts, {namespace, key, isStrict, isReload}: LookRequest) {
		super(namespace, key, isStrict);
		this.#parts = parts;
		this.#isReload = isReload;
		this.look.looked = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
	}

	settle(seen: ReadResult | Error): void {
		const {granted, lostRequest} = this;
		if (granted !== undefined && !(seen instanceof Error) && (this.#isReload || !isFresh(seen))) {
			const release = () => this.#parts.release(this.redisKey, granted.token);
			this.#resolve({seen, claim: {lease: granted, lostRequest, ...onceOf((flight) => this.#end(flight), release)}});
			return;
		}
		// The read has failed, or the value can be used after all.
		if (granted !== undefined) this.#parts.release(this.redisKey, granted.token);
		this.#end(undefined);
		if (lostRequest === undefined) {
			if (seen instanceof Error) this.#reject(seen);
			else this.#resolve({seen});
			return;
		}
		const giveBack = () => this.#parts.giveBackLost(this.redisKey, lostRequest);
		if (!(seen instanceof Error))
			this.#resolve({seen, claim: {lease: undefined, lostRequest, ...onceOf(() => {}, giveBack)}});
		else {
			giveBack();
			this.#reject(seen);
		}
	}

	#end(flight: Flight | undefined): void {
		this.#parts.looks.remove(this.redisKey, this.look);
		this.look.end(flight);
	}
}

/**
 * The two ends of a claim, of which the first one counts.
 *
 * @param end Called with the load that has begun; `undefined`: none will.
 * @param giveBack Called after that if there will be none.
 */
function onceOf(end: (flight: Flight | undefined) => void, giveBack: () => void): Pick<Claim, 'use' | 'giveUp'> {
	let isOpen = true;
	const close = (flight: Flight | undefined): boolean => {
		if (!isOpen) return false;
		isOpen = false;
		end(flight);
		return true;
	};
	return {
		use: close,
		giveUp: () => {
			if (close(undefined)) giveBack();
		},
	};
}
