import type {Restriction} from '../../../metrics/snapshot.js';
import {isRefusalOfSlot} from '../../../pool/commands/reply-error.js';
import {
	ConnectionLostError,
	DeadlineError,
	NotConnectedError,
	OverloadError,
	ServerError,
} from '../../../pool/errors.js';
import {loopNow} from '../../../pool/loop-clock.js';
import type {Lane} from '../../../pool/types.js';
import {localNow} from '../../clock/local-now.js';
import type {Recorder} from '../../observe/recorder.js';
import type {BreakerLimits} from '../../options/settings.js';
import {toError} from '../../support/to-error.js';
import type {FailureDomain} from '../domains/failure-domain.js';
import type {FailureDomains} from '../domains/failure-domains.js';
import type {Restrictions} from '../restrictions.js';
import {Answers} from './answers.js';
import {Breaker} from './breaker.js';
import {Fullness} from './fullness.js';

/** A command that failed. */
export type Failure = {
	/** For the `error` event: `get`, `set`, `lease`, … */
	readonly operation: string;
	readonly error: Error;
	/** True if the command writes. */
	readonly isWrite: boolean;
	/** Calls that failed with it, because they were sent as one command. Default 1. */
	readonly calls?: number | undefined;
	/** One of the keys of the command: in a cluster the failure counts for the node of that key. */
	readonly redisKey?: string | undefined;
};

export type HealthParts = {
	readonly limits: BreakerLimits;
	/** Milliseconds in which Redis has to answer. */
	readonly deadlineMs: number;
	readonly recorder: Recorder;
	readonly restrictions: Restrictions;
	/** Called when the breaker opens: takes Redis out of use. @param isSilent True if Redis has missed deadlines. */
	readonly onOpen: (reason: string, isSilent: boolean) => void;
	/** The nodes of a cluster, each with a breaker of its own. */
	readonly domains: () => FailureDomains;
};

const overloadEventMs = 1000;

/**
 * Judges the health of Redis by its replies. The outcome of each command that serves a call is reported here: a failure is
 * counted, recorded by the circuit breaker, and emitted as one event, however many calls share the command.
 */
export class Health {
	/** True once Redis has refused writes, until it is back in use: the probe must then try a write. */
	areWritesRefused = false;
	readonly #answers = new Answers();
	readonly #fullness = new Fullness();
	/** Local time until which some server is full. */
	#fullUntil = 0;
	readonly #breaker: Breaker;
	readonly #recorder: Recorder;
	readonly #restrictions: Restrictions;
	readonly #onOpen: HealthParts['onOpen'];
	readonly #domains: () => FailureDomains;
	readonly #seen = new WeakSet<Error>();
	#overloadEventAt = Number.NEGATIVE_INFINITY;

	constructor({limits, deadlineMs, recorder, restrictions, onOpen, domains}: HealthParts) {
		this.#breaker = new Breaker(limits, deadlineMs);
		this.#recorder = recorder;
		this.#restrictions = restrictions;
		this.#onOpen = onOpen;
		this.#domains = domains;
	}

	/**
	 * Redis has answered.
	 *
	 * @param what The kind of command that Redis has executed.
	 * @param redisKey One of the keys of the command.
	 * @param now Milliseconds of the monotonic clock, if it has just been read.
	 */
	success(what?: Restriction['what'], redisKey?: string, now?: number): void {
		const domain = this.#domainOf(redisKey);
		(domain?.answers ?? this.#answers).add(now);
		(domain?.breaker ?? this.#breaker).recordSuccess();
		if (what !== undefined) this.#restrictions.succeeded(what);
	}

	/** The answers of the server of the key: in a cluster, other nodes tell nothing about it. */
	answersTo(redisKey: string): Answers {
		return this.#domainOf(redisKey)?.answers ?? this.#answers;
	}

	/**
	 * The error reply by which the server of the key has reported that its memory is full, while it is not sent further values.
	 * Hot path.
	 *
	 * @param at Local time.
	 */
	fullError(redisKey: string, at: number): Error | undefined {
		if (this.#fullUntil <= at) return undefined;
		const {until, error} = this.#domainOf(redisKey)?.fullness ?? this.#fullness;
		return until > at ? error : undefined;
	}

	/** A command that serves a call has failed. */
	failure({operation, error, isWrite, calls = 1, redisKey}: Failure): void {
		if (this.#seen.has(error)) return;
		this.#seen.add(error);
		const domain = this.#domainOf(redisKey);
		this.#count(error);
		if (error instanceof ServerError && error.kind === 'full') {
			const fullness = domain?.fullness ?? this.#fullness;
			fullness.note(error);
			this.#fullUntil = fullness.until;
		}
		this.#restrictions.refused(isWrite ? 'writes' : 'reads', error);
		this.#judge(error, {isWrite, calls}, domain);
		this.#emit(operation, error);
	}

	/**
	 * A probe or ping has failed: it counts for the breaker, and the mode reports it.
	 *
	 * @param lane Default: any.
	 */
	probeFailure(error: unknown, lane?: Lane): void {
		this.#judge(error, {isWrite: false, calls: 1}, lane && this.#domains().ofLane(lane));
	}

	/** A node of a cluster has answered a probe or ping, or has failed to. */
	nodeProbed(domain: FailureDomain, error?: unknown): void {
		if (error !== undefined) this.#judge(error, {isWrite: false, calls: 1}, domain);
		else domain.breaker.recordSuccess();
	}

	/** Call once a second. */
	tick(): void {
		this.#breaker.tick();
		this.#domains().tick();
	}

	/** Redis is back in use. */
	reset(): void {
		this.areWritesRefused = false;
		this.#breaker.reset();
	}

	#count(error: Error): void {
		const {counters} = this.#recorder;
		if (error instanceof DeadlineError) counters.timeouts++;
		else if (error instanceof OverloadError) counters.shed++;
		else counters.errors++;
	}

	/**
	 * A missed deadline counts once for each call that waited. A lost connection counts once, since the other lanes still work.
	 */
	#judge(
		error: unknown,
		{isWrite, calls}: {readonly isWrite: boolean; readonly calls: number},
		domain: FailureDomain | undefined,
	): void {
		const {breaker} = domain ?? {breaker: this.#breaker};
		if (!isOutage(error) || isRefusalOfSlot(error)) {
			if (error instanceof ServerError) breaker.recordSuccess();
			return;
		}
		if (isWrite && error instanceof ServerError) (domain ?? this).areWritesRefused = true;
		const opened = error instanceof DeadlineError ? breaker.recordMiss(calls, loopNow()) : breaker.recordFailure();
		if (opened === undefined) return;
		const reason = `${opened}, the last: ${toError(error).message}`;
		if (domain === undefined) this.#onOpen(reason, breaker.isSilent);
		else this.#domains().lose(domain, reason, breaker.isSilent);
	}

	#domainOf(redisKey: string | undefined): FailureDomain | undefined {
		return redisKey === undefined ? undefined : this.#domains().of(redisKey);
	}

	/** A burst can reject thousands of calls with `OverloadError`: one event a second is enough. */
	#emit(operation: string, error: Error): void {
		if (error instanceof OverloadError) {
			const now = localNow();
			if (now - this.#overloadEventAt < overloadEventMs) return;
			this.#overloadEventAt = now;
		}
		this.#recorder.error(operation, error);
	}
}

/** True if an error means that Redis cannot be used now: not for a full queue, a bug, or a reply that is too large. */
export function isOutage(error: unknown): boolean {
	return (
		(error instanceof DeadlineError && !error.isTransfer) ||
		error instanceof ConnectionLostError ||
		error instanceof NotConnectedError ||
		(error instanceof ServerError && error.kind === 'unavailable')
	);
}
