import type {Namespace} from '../../keys/namespace.js';
import {EntryRead, type ReadResult} from '../../read/look-up.js';
import type {Flight} from '../flight.js';
import type {Lease} from '../lease/acquire-lease.js';
import {isFresh} from '../lease/wait-for-other.js';
import {type Claim, type ReadForLoad, SharedLeaseRead, type SharedLeaseReads} from './shared-lease-reads.js';

export type LeaseReadParts = {
	readonly leaseReads: SharedLeaseReads;
	/** Releases a lease. */
	readonly release: (redisKey: string, token: number) => void;
	/** Releases a lease that may have been granted to a request whose answer was lost. */
	readonly giveBackLost: (redisKey: string, number: number) => void;
};

/** A key that is read for a load. */
export type LeaseReadRequest = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly redisKey: string;
	/** Longest time of the load, in milliseconds. */
	readonly hardMs: number;
	/** True if the key is to be loaded whatever value Redis has. */
	readonly isReload: boolean;
	/** True if the read rejects instead of falling back to memory. */
	readonly isStrict: boolean;
};

/** The read of a key whose lease was requested with it. Also settles the calls that share it. */
export class LeaseRead extends EntryRead {
	/** Set before the read settles if the lease was granted. */
	granted: Lease | undefined;
	/** Number of the request, if its answer was lost. */
	lostRequest: number | undefined;
	readonly shared = new SharedLeaseRead();
	readonly #parts: LeaseReadParts;
	readonly #isReload: boolean;
	#resolve: (read: ReadForLoad) => void = () => {};
	#reject: (error: Error) => void = () => {};

	constructor(parts: LeaseReadParts, {namespace, key, isStrict, isReload}: LeaseReadRequest) {
		super(namespace, key, isStrict);
		this.#parts = parts;
		this.#isReload = isReload;
		this.shared.result = new Promise((resolve, reject) => {
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
		this.#parts.leaseReads.remove(this.redisKey, this.shared);
		this.shared.end(flight);
	}
}

/**
 * The two ways in which a claim ends. Only the first call has an effect.
 *
 * @param end Called with the load that has begun; with `undefined` if none will begin.
 * @param giveBack Called after that if no load will begin.
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
