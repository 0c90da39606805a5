import {loopNow} from '../../../pool/loop-clock.js';
import {localNow} from '../../clock/local-now.js';
import type {Lifetime} from '../../entry/entry.js';
import type {Recorder} from '../../observe/recorder.js';
import type {Health} from '../../outage/health/health.js';
import {leaseScript} from '../../scripts/lease-scripts.js';
import type {ScriptFailed} from '../../scripts/script-call.js';
import type {ScriptRunner} from '../../scripts/script-runner.js';
import type {MarkerWriter} from '../../tags/marker-writer.js';
import {AskingAgain} from './asking-again.js';
import type {LeaseLength} from './lease-length.js';
import {type AwaitedKey, isFresh, readForLease, type WaitParts, waitForOther} from './wait-for-other.js';

export type AcquireParts = WaitParts & {
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly markerWriter: MarkerWriter;
	readonly recorder: Recorder;
	readonly length: LeaseLength;
	readonly deadlineMs: number;
	/**
	 * Leases that may still be in Redis although their loads are over, by Redis key: their tokens; negative: numbers of requests whose
	 * answers were lost.
	 */
	readonly unreleased: Map<string, number>;
	/** Gives back a lease that may have been granted to a request whose answer was lost. */
	readonly giveBackLost: (redisKey: string, number: number) => void;
};

/** A key that a lease is asked for. */
export type LeaseRequest = AwaitedKey & {
	/** Tags that the value is known to get, and the time that they are needed for. */
	readonly tags: readonly string[];
	readonly life: Lifetime;
	/** Longest time of the load, in milliseconds. */
	readonly hardMs: number;
	/** Version that the caller has judged a miss; 0: it saw nothing. */
	readonly seenVersion: number;
	/** Number of an earlier request of this load, whose answer was lost. */
	readonly lostRequest?: number | undefined;
	/** Called when it will take longer than one round trip. May be called again. */
	readonly onDelayed?: (() => void) | undefined;
};

export type Lease = {
	/** 0: none was granted. */
	readonly token: number;
	/** Local time at which it was asked for, and milliseconds that it was asked for. */
	readonly begunAt: number;
	readonly firstMs: number;
};

/** A lease, or a fresh value that makes the load unnecessary. */
export type LeaseResult = Lease | {readonly value: unknown};

export const noLease: Lease = {token: 0, begunAt: 0, firstMs: 0};

/** The placeholder outlasts the longest load by this, for the fill. */
export const placeholderSlackMs = 1000;
/** Milliseconds, on average, until a lease is asked for again. */
const pauseMs = 50;
/** A version that is newer than all others. */
const anyVersion = Number.MAX_SAFE_INTEGER;

/** Asks until the lease is granted, another process's load is done, or Redis fails. */
export async function acquireLease(parts: AcquireParts, request: LeaseRequest): Promise<LeaseResult> {
	const {availability, scripts, health, changes, hub, recorder, length, deadlineMs, unreleased} = parts;
	const {namespace, key, redisKey, hardMs, isReload} = request;
	const begunAt = localNow();
	/** In loop time. From when another process is seen to load the key: its load may last as long as ours. */
	let giveUpAt = loopNow() + hardMs;
	let isWaiting = false;
	const again = new AskingAgain(deadlineMs);
	const number = request.lostRequest ?? newRequestNumber();
	let isRepeated = request.lostRequest !== undefined;
	/** The key that Redis was last asked about, and what the server that has it had answered by then. */
	let asked = {key: redisKey, at: begunAt, answersBefore: 0};
	let seenVersion = isReload ? anyVersion : request.seenVersion;

	const ask = (askedKey: string) => {
		asked = {key: askedKey, at: localNow(), answersBefore: health.answersTo(askedKey).count};
	};

	/** After a failure. The pause spares a busy Redis. */
	const mayAskAgain = async (error: Error | undefined): Promise<boolean> => {
		if (!availability.isInUse(redisKey) || loopNow() > giveUpAt) return false;
		const {count, at} = health.answersTo(asked.key);
		const answers = count - asked.answersBefore;
		if (!again.isWorthwhile({error, askedAt: asked.at, answers, answeredAt: at})) return false;
		request.onDelayed?.();
		await hub.waitForChange(redisKey, pauseMs * (0.5 + Math.random()));
		return true;
	};

	while (availability.isInUse(redisKey)) {
		ask(namespace.generationKey);
		const unready = await ensureMarkers(parts, request);
		if (unready !== undefined) {
			if (await mayAskAgain(unready)) continue;
			break;
		}
		const sequence = changes.now;
		ask(redisKey);
		const firstMs = length.ms;
		const outcome = await scripts.run(leaseScript, redisKey, [
			firstMs,
			seenVersion,
			unreleased.get(redisKey) ?? 0,
			hardMs + placeholderSlackMs,
			isRepeated ? number : -number,
		]);
		// One that reached Redis too late says nothing of an earlier one.
		if (outcome.status !== 'refused') isRepeated = outcome.status === 'in-doubt';
		length.took(localNow() - asked.at);
		if (outcome.status !== 'done') {
			noteFailure(parts, 'lease', redisKey, outcome);
			if (await mayAskAgain(outcome.error)) continue;
			break;
		}
		health.success('writes', redisKey);
		again.answered();
		unreleased.delete(redisKey);
		const {reply} = outcome;
		if (reply > 0) return {token: reply, begunAt: asked.at, firstMs};
		if (reply === -1) {
			recorder.corrupt(key, 'its Redis key holds data of another program: rename one of the two');
			break;
		}
		// Either another process loads the key, for this long, or Redis has a newer value.
		if (reply <= -1000) {
			request.onDelayed?.();
			if (!isWaiting) {
				isWaiting = true;
				again.waiting();
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
			if (await mayAskAgain(found)) continue;
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

/** 1 to 99,999: with another process's number a repeated request would take over a lease that it was not granted. */
export function newRequestNumber(): number {
	return 1 + Math.floor(Math.random() * 99_999);
}

/** Before the loader begins: its value could not be stamped otherwise. @returns Why they are not known to exist, if so. */
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
