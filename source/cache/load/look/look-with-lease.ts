import {isRefusalOfKeys} from '../../../pool/commands/reply-error.js';
import {ServerError} from '../../../pool/errors.js';
import type {Lane, Pool} from '../../../pool/types.js';
import {localNow} from '../../clock/local-now.js';
import type {ServerClocks} from '../../clock/server-clocks.js';
import {generationText} from '../../entry/entry-arguments.js';
import type {ValueCoder} from '../../entry/value-coder.js';
import type {Namespace} from '../../keys/namespace.js';
import {callContext} from '../../observe/call-context.js';
import {answerWithoutRedis, EntryRead, type LookUpParts, lookUp, type ReadResult} from '../../read/look-up.js';
import type {MgetBatcher} from '../../read/mget/mget-batcher.js';
import {lookScript, unreadable} from '../../scripts/look-script.js';
import {PromisedCall, type ScriptDone, type ScriptFailed} from '../../scripts/script-call.js';
import type {KnownMarkers} from '../../tags/known-markers.js';
import {type AcquireParts, type Lease, newRequestNumber, noteFailure, placeholderSlackMs} from '../acquire-lease.js';
import type {Flight} from '../flight.js';
import {isFresh} from '../wait-for-other.js';
import {type Claim, Look, type Looked, type Looks} from './looks.js';

export type LookWithLeaseParts = Omit<AcquireParts, 'lookUp'> &
	LookUpParts & {
		readonly pool: Pool;
		readonly clocks: ServerClocks;
		readonly markers: KnownMarkers;
		readonly coder: ValueCoder;
		readonly batcher: Pick<MgetBatcher, 'acceptFromScript'>;
		readonly looks: Looks;
		/** False for a lane whose replies may be those of another Redis. */
		readonly mayRead: (lane: Lane) => boolean;
		/** Gives a lease back. */
		readonly release: (redisKey: string, token: number) => void;
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

/** Milliseconds without looks after Redis has refused one: it is full, or this user may not write. */
const refusedMs = 1000;

/**
 * Reads keys with a script that takes the lease of a key which is a miss, so that a load begins after one round trip. What the
 * script cannot decide, or Redis refuses, is read as any other key.
 */
export class LookWithLease {
	readonly #parts: LookWithLeaseParts;
	/** True where the generation of a namespace may be on another server than its entries. */
	#areApart: boolean;
	#pausedUntil = 0;

	constructor(parts: LookWithLeaseParts) {
		this.#parts = parts;
		this.#areApart = parts.pool.topology === 'cluster';
	}

	/** True if the lane of the key may be read, and no look was refused lately. */
	mayLook(redisKey: string): boolean {
		const {pool, mayRead} = this.#parts;
		return mayRead(pool.laneOf(redisKey)) && (this.#pausedUntil === 0 || localNow() > this.#pausedUntil);
	}

	/** Rejects, with `isStrict`, if Redis cannot be asked. */
	look(request: LookRequest): Promise<Looked> {
		const look = new Look();
		look.looked = new Promise((resolve, reject) => this.#start(look, request, resolve, reject));
		return look.looked;
	}

	#start(
		look: Look,
		{namespace, key, redisKey, hardMs, isReload, isStrict}: LookRequest,
		resolve: (looked: Looked) => void,
		reject: (error: Error) => void,
	): void {
		const {looks, scripts, pool, changes, markers, length, unreleased, recorder, coder} = this.#parts;
		let granted: Lease | undefined;
		let lostRequest: number | undefined;
		const read = new LookedRead(namespace, key, isStrict, (seen) => {
			if (granted !== undefined && !(seen instanceof Error) && (isReload || !isFresh(seen))) {
				resolve({seen, claim: this.#claim(look, redisKey, granted)});
				return;
			}
			// The read has failed, or the value can be used after all.
			if (granted !== undefined) this.#parts.release(redisKey, granted.token);
			this.#end(look, redisKey);
			if (seen instanceof Error) reject(seen);
			else resolve({seen, lostRequest});
		});
		read.memoryEpoch = namespace.tier?.epoch ?? 0;
		if (recorder.events.wantsReads || coder.isCustom) read.context = callContext();
		const askedAt = localNow();
		const lane = pool.laneOf(redisKey);
		const sequence = changes.now;
		const markersEpoch = markers.epoch;
		const firstMs = length.ms;
		const number = newRequestNumber();
		const args = [
			firstMs,
			unreleased.get(redisKey) ?? 0,
			hardMs + placeholderSlackMs,
			number,
			generationText(markers.current(namespace.generationKey)?.token ?? 0),
			isReload ? 1 : 0,
		];
		const call = new PromisedCall(lookScript, redisKey, args, (outcome) => {
			length.took(localNow() - askedAt);
			if (outcome.status !== 'done') {
				if (outcome.status === 'in-doubt') lostRequest = number;
				this.#onFailure(read, outcome);
				return;
			}
			unreleased.delete(redisKey);
			const {reply} = outcome;
			if (reply === unreadable || !this.#mayUse(lane, redisKey)) {
				if (reply > 0) this.#parts.release(redisKey, reply);
				this.#readPlainly(read);
				return;
			}
			if (reply > 0) granted = {token: reply, begunAt: askedAt, firstMs};
			this.#accept(read, outcome, {sequence, askedAt, markersEpoch});
		});
		if (!this.#areApart) call.moreKeys = [namespace.generationKey];
		look.call = call;
		looks.add(redisKey, look);
		scripts.start(call);
	}

	/** False if the reply may be that of another Redis: the lane has connected anew, or the key has moved to another one. */
	#mayUse(lane: Lane, redisKey: string): boolean {
		const {pool, mayRead} = this.#parts;
		return mayRead(lane) && pool.laneOf(redisKey) === lane;
	}

	#accept(
		read: EntryRead,
		{reply, more}: ScriptDone,
		{
			sequence,
			askedAt,
			markersEpoch,
		}: {readonly sequence: number; readonly askedAt: number; readonly markersEpoch: number},
	): void {
		const {batcher, clocks, health, recorder} = this.#parts;
		const {redisKey} = read;
		const at = localNow();
		recorder.latency.get.record(at - askedAt);
		health.success(reply > 0 ? 'writes' : 'reads', redisKey);
		const [entry, generation] = more;
		const found = {entry: bytesIn(entry), generation: bytesIn(generation), markersEpoch};
		const clock = clocks.of(redisKey);
		const info = {sequence, askedAt, at, serverNow: clock.estimate(at), serverLatest: clock.notBefore(at)};
		batcher.acceptFromScript(read, found, info);
	}

	#onFailure(read: EntryRead, outcome: ScriptFailed): void {
		const {error, status} = outcome;
		if (status === 'in-doubt' && error !== undefined) {
			noteFailure(this.#parts, 'lease', read.redisKey, outcome);
			answerWithoutRedis(this.#parts, read, error);
			return;
		}
		if (error instanceof ServerError) {
			if (isRefusalOfKeys(error)) this.#areApart = true;
			this.#pausedUntil = localNow() + refusedMs;
		}
		this.#readPlainly(read);
	}

	/** As a read that never was one of these: it may be refused, and fail, for reasons of its own. */
	#readPlainly(read: EntryRead): void {
		lookUp(this.#parts, read);
	}

	#claim(look: Look, redisKey: string, lease: Lease): Claim {
		let isOpen = true;
		const close = (flight: Flight | undefined): boolean => {
			if (!isOpen) return false;
			isOpen = false;
			this.#parts.looks.remove(redisKey, look);
			look.end(flight);
			return true;
		};
		return {
			lease,
			use: close,
			giveUp: () => {
				if (close(undefined)) this.#parts.release(redisKey, lease.token);
			},
		};
	}

	#end(look: Look, redisKey: string): void {
		this.#parts.looks.remove(redisKey, look);
		look.end(undefined);
	}
}

/** A read whose result decides about a lease. */
class LookedRead extends EntryRead {
	readonly #onResult: (seen: ReadResult | Error) => void;

	constructor(namespace: Namespace, key: string, isStrict: boolean, onResult: (seen: ReadResult | Error) => void) {
		super(namespace, key, isStrict);
		this.#onResult = onResult;
	}

	override settle(result: ReadResult | Error): void {
		this.#onResult(result);
	}
}

function bytesIn(value: unknown): Buffer | undefined {
	return value instanceof Buffer ? value : undefined;
}
