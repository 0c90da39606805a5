/** `load/`: a miss is loaded once, by the flight in this process that holds the lease in Redis; all others wait for it. */
import {ClosedError} from '../../pool/errors.js';
import {onAbort} from '../../pool/on-abort.js';
import {clearTimeout, setTimeout} from '../../time/real-time.js';
import type {GetOrSetOptions, Loader} from '../api/call-types.js';
import {localNow} from '../clock/local-now.js';
import {checkKey, isTooLong, tooLong} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {ReadTrace} from '../observe/trace-types.js';
import {checkLoadOptions} from '../options/call-options.js';
import {checkFunction, checkSignal} from '../options/checks.js';
import {longestTimerMs, milliseconds} from '../options/duration.js';
import {type ReadParts, serveFresh} from '../read/get.js';
import {type Hit, nothing, type ReadResult} from '../read/look-up.js';
import type {Flight} from './flight.js';
import {beginLoad} from './lease-read/begin-load.js';
import {type ReadForLoadParts, readUntilAborted} from './lease-read/read-for-load.js';
import type {ReadForLoad} from './lease-read/shared-lease-reads.js';
import {type LoadParts, load} from './load.js';
import type {Current} from './loader-result.js';

export type GetOrSetParts = ReadParts &
	LoadParts &
	ReadForLoadParts & {
		/** `undefined`: none. */
		readonly softTimeoutMs: number | undefined;
	};

/** A call of `getOrSet`. */
type Call = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly loader: Loader<unknown>;
	readonly options: GetOrSetOptions | undefined;
	readonly trace: ReadTrace | undefined;
};

/**
 * Reads a value as `get` does; if it is missing or stale, waits for a load of it. A hit with little of its TTL left starts a
 * load in the background.
 */
export async function getOrSet(parts: GetOrSetParts, call: Call): Promise<unknown> {
	const {availability, memory, recorder} = parts;
	const {namespace, key, loader, options, trace} = call;
	checkFunction(loader, 'the loader of getOrSet');
	if (options?.signal !== undefined) {
		checkSignal(options.signal);
		options.signal.throwIfAborted();
	}
	if (options?.fresh !== true) {
		const fresh = memory.getFresh(namespace, key);
		if (fresh !== undefined) {
			refreshAhead(parts, call, fresh);
			return serveFresh(parts, namespace, key, fresh);
		}
	}
	availability.assertOpen();
	if (options !== undefined) checkLoadOptions(options);
	if (typeof key === 'string' && isTooLong(key)) return loadUncached(parts, call);
	checkKey(key);
	recorder.callsInProgress++;
	let read: ReadForLoad | undefined;
	try {
		read = await readUntilAborted(parts, namespace, key, options);
		const {seen} = read;
		if (seen.hit !== undefined && !seen.isStale && options?.fresh !== true) {
			recorder.hit(namespace, key, seen.hit.source, false, trace);
			parts.sliding?.onHit(namespace, key, seen.hit);
			refreshAhead(parts, call, seen.hit);
			return seen.hit.value;
		}
		recorder.missLoaded(namespace, key, trace);
		const stale = fallbackOf(seen);
		const redisKey = namespace.redisKey(key);
		if (stale !== undefined && isResting(parts, redisKey, options, stale)) {
			recorder.pausedLoad(stale.source, trace);
			return stale.value;
		}
		const request = {namespace, key, redisKey, loader, options, seen, current: currentOf(seen)};
		const beginning = beginLoad(parts, request, read);
		const flight = beginning instanceof Promise ? await beginning : beginning;
		return await waitForLoad(parts, flight, {options, trace}, stale);
	} finally {
		read?.claim?.giveUp();
		recorder.callsInProgress--;
	}
}

/**
 * The value that may be served if the load fails or is slow: a stale one within grace, or one that is about to be replaced. A
 * remembered "not there" is not served past its TTL.
 */
export function fallbackOf({hit}: ReadResult): Hit | undefined {
	return hit?.kind === 'value' && hit.staleUntil > hit.freshUntil ? hit : undefined;
}

/** The value that a load replaces. */
export function currentOf({hit}: ReadResult): Hit | undefined {
	return hit?.kind === 'value' ? hit : undefined;
}

/** True if the loader has failed recently, so that the stale value is served without another attempt. */
export function isResting(
	{failedLoads}: LoadParts,
	redisKey: string,
	options: GetOrSetOptions | undefined,
	stale: Hit,
): boolean {
	return options?.fresh !== true && failedLoads.isResting(redisKey) && localNow() < stale.staleUntil;
}

/**
 * Waits for a load on behalf of one caller: rejects when its signal is aborted, or serves the stale value after the soft
 * timeout, if it is still within its grace.
 */
export function waitForLoad(
	{recorder, softTimeoutMs}: GetOrSetParts,
	flight: Flight,
	{options, trace}: Pick<Call, 'options' | 'trace'>,
	stale: Hit | undefined,
): Promise<unknown> {
	const {signal, softTimeout} = options ?? {};
	const softMs = softTimeout === undefined ? softTimeoutMs : milliseconds(softTimeout, 'softTimeout');
	if (signal === undefined && stale === undefined) return flight.result;
	return new Promise((resolve, reject) => {
		let timer: NodeJS.Timeout | undefined;
		let isSettled = false;
		const finish = (settle: () => void) => {
			isSettled = true;
			clearTimeout(timer);
			removeCallback?.();
			settle();
		};
		const giveUp = () => finish(() => reject(signal?.reason));
		let removeCallback: (() => void) | undefined;
		const serveStale = () => {
			if (isSettled || stale === undefined || localNow() >= stale.staleUntil) return;
			recorder.staleInsteadOfLoad(stale.source, trace);
			finish(() => resolve(stale.value));
		};
		if (signal?.aborted === true) {
			giveUp();
			return;
		}
		removeCallback = signal && onAbort(signal, giveUp);
		if (stale !== undefined && softMs !== undefined) timer = setTimeout(serveStale, Math.min(softMs, longestTimerMs));
		flight.result.then(
			(value) => finish(() => resolve(value)),
			(error: unknown) => {
				if (!(error instanceof ClosedError)) serveStale();
				if (!isSettled) finish(() => reject(error));
			},
		);
	});
}

/** A fresh value that was found. */
export type Found = Current & {readonly kind: 'value' | 'absent'; readonly version: number};

/** Reloads in the background if little of the TTL is left and no load is in progress. */
function refreshAhead(parts: GetOrSetParts, {namespace, key, loader, options}: Call, hit: Found): void {
	const redisKey = namespace.redisKey(key);
	if (!isDueForRefresh(parts, redisKey, options, hit)) return;
	// A memory hit returns before its options are checked.
	if (options !== undefined) checkLoadOptions(options);
	load(parts, {namespace, key, redisKey, loader, options, ...seenFresh(hit)});
}

/** True if little of the TTL is left, no load is in progress, and none has failed recently. */
export function isDueForRefresh(
	{ttl, flights, failedLoads}: LoadParts,
	redisKey: string,
	options: GetOrSetOptions | undefined,
	{freshUntil, ttlMs}: Found,
): boolean {
	const share = options?.refreshAhead ?? ttl.refreshAhead;
	if (share === 0 || freshUntil - localNow() > ttlMs * share) return false;
	return (
		flights.get(redisKey) === undefined &&
		flights.leaseReads.get(redisKey) === undefined &&
		!failedLoads.isResting(redisKey)
	);
}

/**
 * Loads a value whose key is too long to be stored: the caller needs the value, and often cannot know the length of a key in
 * advance. Callers of the same key share the load.
 */
async function loadUncached(parts: GetOrSetParts, call: Call): Promise<unknown> {
	const {recorder} = parts;
	const {namespace, key, loader, options, trace} = call;
	recorder.callsInProgress++;
	try {
		recorder.missLoaded(namespace, key, trace);
		recorder.error('fill', tooLong(key, 'key'));
		const request = {
			namespace,
			key,
			redisKey: namespace.redisKey(key),
			loader,
			options,
			seen: nothing,
			current: undefined,
		};
		return await waitForLoad(parts, load(parts, request), call, undefined);
	} finally {
		recorder.callsInProgress--;
	}
}

/** A hit that is about to be replaced. */
export function seenFresh(hit: Found): {readonly seen: ReadResult; readonly current: Current | undefined} {
	return {
		seen: {...nothing, isFromRedis: true, version: hit.version},
		current: hit.kind === 'value' ? hit : undefined,
	};
}
