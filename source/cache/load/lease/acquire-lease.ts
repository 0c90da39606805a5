import {loopNow} from '../../../pool/loop-clock.js';
import {localNow} from '../../clock/local-now.js';
import type {Lifetime} from '../../entry/entry.js';
import type {Recorder} from '../../observe/recorder.js';
import type {Health} from '../../outage/health/health.js';
import {leaseScript} from '../../scripts/lease-scripts.js';
import type {ScriptFailed} from '../../scripts/script-call.js';
import type {ScriptRunner} from '../../scripts/script-runner.js';
import type {MarkerWriter} from '../../tags/marker-writer.js';
import type {LeaseLength} from './lease-length.js';
import {LeaseRetryPolicy} from './lease-retry-policy.js';
import {type AwaitedKey, isFresh, readForLease, type WaitParts, waitForOther} from './wait-for-other.js';

export type AcquireParts = WaitParts & {
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly markerWriter: MarkerWriter;
	readonly recorder: Recorder;
	readonly length: LeaseLength;
	readonly deadlineMs: number;
	/**
	 * Leases that may still be in Redis although their loads have ended, by Redis key. A positive number is the token of a
	 * lease; a negative one is the negated number of a request whose answer was lost.
	 */
	readonly unreleased: Map<string, number>;
	/** Releases a lease that may have been granted to a request whose answer was lost. */
	readonly giveBackLost: (redisKey: string, number: number) => void;
};

/** A key for which a lease is requested. */
export type LeaseRequest = AwaitedKey & {
	/** Tags that the value is known to get, and the lifetime for which their markers are needed. */
	readonly tags: readonly string[];
	readonly life: Lifetime;
	/** Longest time of the load, in milliseconds. */
	readonly hardMs: number;
	/** Version of the entry that the caller counted as a miss; 0 if it saw none. */
	readonly seenVersion: number;
	/** Number of an earlier request of this load, whose answer was lost. */
	readonly lostRequest?: number | undefined;
	/** Called when the request will take longer than one round trip, possibly several times. */
	readonly onDelayed?: (() => void) | undefined;
};

export type Lease = {
	/** Token of the lease; 0 if none was granted. */
	readonly token: number;
	/** Local time of the request, and the requested duration in milliseconds. */
	readonly begunAt: number;
	readonly firstMs: number;
};

/** A lease, or a fresh value that makes the load unnecessary. */
export type LeaseResult = Lease | {readonly value: unknown};

export const noLease: Lease = {token: 0, begunAt: 0, firstMs: 0};

/** Milliseconds by which the placeholder outlasts the longest load, to leave time for the fill. */
export const placeholderSlackMs = 1000;
/** Average milliseconds until a lease is requested again. */
const pauseMs = 50;
/** Greater than every version, so that any entry counts as a miss. */
const anyVersion = Number.MAX_SAFE_INTEGER;

/** Repeats the request until the lease is granted, another process has loaded the key, or Redis fails. */
export async function acquireLease(parts: AcquireParts, request: LeaseRequest): Promise<LeaseResult> {
	const {availability, scripts, health, changes, hub, recorder, length, deadlineMs, unreleased} = parts;
	const {namespace, key, redisKey, hardMs, isReload} = request;
	const begunAt = localNow();
	/** Loop time. Extended when another process is found to load the key, since its load may last as long as this one. */
	let giveUpAt = loopNow() + hardMs;
	let isWaiting = false;
	const retries = new LeaseRetryPolicy(deadlineMs);
	const number = request.lostRequest ?? newRequestNumber();
	let isRepeated = request.lostRequest !== undefined;
	/** The key of the last request, and the number of answers of its server up to then. */
	let lastRequest = {key: redisKey, at: begunAt, answersBefore: 0};
	let seenVersion = isReload ? anyVersion : request.seenVersion;

	const noteRequest = (requestedKey: string) => {
		lastRequest = {key: requestedKey, at: localNow(), answersBefore: health.answersTo(requestedKey).count};
	};

	/** Decides after a failure. The pause reduces the load on a busy Redis. */
	const mayRetry = async (error: Error | undefined): Promise<boolean> => {
		if (!availability.isInUse(redisKey) || loopNow() > giveUpAt) return false;
		const {count, at} = health.answersTo(lastRequest.key);
		const answers = count - lastRequest.answersBefore;
		if (!retries.mayRetry({error, requestedAt: lastRequest.at, answers, answeredAt: at})) return false;
		request.onDelayed?.();
		await hub.waitForChange(redisKey, pauseMs * (0.5 + Math.random()));
		return true;
	};

	while (availability.isInUse(redisKey)) {
		noteRequest(namespace.generationKey);
		const unready = await ensureMarkers(parts, request);
		if (unready !== undefined) {
			if (await mayRetry(unready)) continue;
			break;
		}
		const sequence = changes.now;
		noteRequest(redisKey);
		const firstMs = length.ms;
		const outcome = await scripts.run(leaseScript, redisKey, [
			firstMs,
			seenVersion,
			unreleased.get(redisKey) ?? 0,
			hardMs + placeholderSlackMs,
			isRepeated ? number : -number,
		]);
		// A request that reached Redis too late tells nothing about an earlier one that is in doubt.
		if (outcome.status !== 'refused') isRepeated = outcome.status === 'in-doubt';
		length.took(localNow() - lastRequest.at);
		if (outcome.status !== 'done') {
			noteFailure(parts, 'lease', redisKey, outcome);
			if (await mayRetry(outcome.error)) continue;
			break;
		}
		health.success('writes', redisKey);
		retries.noteAnswer();
		unreleased.delete(redisKey);
		const {reply} = outcome;
		if (reply > 0) return {token: reply, begunAt: lastRequest.at, firstMs};
		if (reply === -1) {
			recorder.corrupt(key, 'its Redis key holds data of another program: rename one of the two');
			break;
		}
		// Either another process is loading the key, and its lease lasts this long, or Redis has a newer value.
		if (reply <= -1000) {
			request.onDelayed?.();
			if (!isWaiting) {
				isWaiting = true;
				retries.noteOtherLoad();
				giveUpAt = loopNow() + hardMs;
			}
		}
		if (loopNow() > giveUpAt) break;
		const found = await (reply <= -1000
			? waitForOther(parts, request, {
					begunAt,
					until: localNow() + Math.min(giveUpAt - loopNow(), -reply / 1000),
					sequence,
				})
			: readForLease(parts, request));
		if (found === undefined) continue;
		if (found instanceof Error) {
			if (await mayRetry(found)) continue;
			break;
		}
		if (isFresh(found)) return {value: found.hit?.value};
		// The key has an unconfirmed write: there is nothing to wait for.
		if (!found.isFromRedis) break;
		// Redis has a newer value that cannot be read: it is to be replaced.
		const isUnreadable = reply === -2 && found.version <= seenVersion;
		seenVersion = isUnreadable ? anyVersion : Math.max(seenVersion, found.version);
	}
	if (isRepeated) parts.giveBackLost(redisKey, number);
	return noLease;
}

/**
 * A random number from 1 to 99,999. If two processes had the same number, a repeated request could take over the other's lease.
 */
export function newRequestNumber(): number {
	return 1 + Math.floor(Math.random() * 99_999);
}

/**
 * Runs before the loader begins, since its value could not be stamped otherwise. @returns The error if the markers are not
 * known to exist.
 */
async function ensureMarkers(
	{markerWriter, length}: AcquireParts,
	{namespace, tags, life}: LeaseRequest,
): Promise<Error | undefined> {
	const lifeMs = life.ttlMs + life.graceMs;
	if (markerWriter.isReadyToLoad(namespace, tags, lifeMs)) return undefined;
	const askedAt = localNow();
	try {
		await markerWriter.ensure({namespace, tags, lifeMs, operation: 'lease'});
		return undefined;
	} catch (error) {
		return error as Error;
	} finally {
		length.took(localNow() - askedAt);
	}
}

export function noteFailure(
	{health}: {readonly health: Health},
	operation: 'lease' | 'fill' | 'release',
	redisKey: string,
	{error, calls}: ScriptFailed,
): void {
	if (error !== undefined) health.failure({operation, error, isWrite: true, calls, redisKey});
}
