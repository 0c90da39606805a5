/**
 * `outage/`: decides when Redis is in use. `Health` judges replies, the heartbeat notices silence, the mode controller
 * probes and recovers, and the rollback detector finds out if Redis has lost acknowledged changes.
 */
import type {Mode, ModeChange} from '../../metrics/snapshot.js';
import {DeadlineError, NotConnectedError, ServerError} from '../../pool/errors.js';
import {LoopTimeout} from '../../pool/loop-clock.js';
import type {LaneEvent, Pool} from '../../pool/types.js';
import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';
import {sampleClock} from '../clock/sample-clock.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import {toError} from '../support/to-error.js';
import type {Availability} from './availability.js';
import {checkTopology} from './check-topology.js';
import type {DataSetWatch} from './data-set-watch.js';
import type {FailureDomains} from './domains/failure-domains.js';
import {doublingPause} from './health/doubling-pause.js';
import {type Health, isOutage} from './health/health.js';
import {Relapses} from './health/relapses.js';
import {Heartbeat} from './heartbeat.js';
import {checkRights, type Rights, withLeastRights} from './rights.js';

export type ModeControllerParts = {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	readonly availability: Availability;
	readonly health: Health;
	readonly domains: FailureDomains;
	readonly watch: DataSetWatch;
	readonly probeMs: number;
	/** Milliseconds between pings. */
	readonly heartbeatMs: number;
	readonly isIdle: () => boolean;
	readonly deadlineMs: number;
	/** An `ACL SETUSER` command that grants exactly the rights that a cache needs. */
	readonly aclLine: string;
	/** Called when the rights of the user were checked, and allow reading. */
	readonly onRights: (rights: Rights) => void;
	readonly reactions: ModeReactions;
};

/** How the rest of the cache reacts to changes of the mode. */
export type ModeReactions = {
	/** The mode has changed. */
	readonly onMode: (now: ModeChange, previous: ModeChange) => void;
	/** Redis is out of use from now on. */
	readonly onFallback: () => void;
	/** Reconciles before Redis is used again. Rejects if Redis fails again. */
	readonly recover: () => Promise<void>;
	/** Once a second while connected. */
	readonly onHeartbeat: () => void;
	/** Called when there is a new reason why Redis cannot be used. */
	readonly onProblem: (error: Error) => void;
};

/** Milliseconds between reconnects while lanes lead to a replica. */
const renewMs = 2000;
const maxProbePauseMs = 5000;

/** The reason for a missing connection, once: an error that says no more than that there is none has it as its cause. */
function whyNotConnected(problem: Error | undefined): string {
	const why = problem instanceof NotConnectedError ? problem.cause : problem;
	return why instanceof Error ? `: ${why.message}` : '';
}

/**
 * The one place that changes the mode: `recovering` (at first, "connecting") → `connected` → `fallback` → `recovering` → …
 *
 * Invariant: `connected` is entered only after every lane has answered a probe, `recover()` has completed, and no lane has
 * reconnected meanwhile.
 */
export class ModeController {
	readonly #parts: ModeControllerParts;
	readonly #availability: Availability;
	readonly #heartbeat: Heartbeat;
	readonly #removeLaneListener: () => void;
	readonly #startTimer: LoopTimeout;
	readonly #relapses: Relapses;
	#probeTimer: NodeJS.Timeout | undefined;
	#isProbing = false;
	#isClosed = false;
	/** Number of probes in a row that Redis has refused with an error. */
	#refusals = 0;
	/** Local time at which lanes were last reset because they led to a replica. */
	#renewedAt = Number.NEGATIVE_INFINITY;
	/** True from then until all lanes are ready again. */
	#isRenewing = false;

	/** Starts probing Redis. Calls wait until Redis answers or the deadline has passed. */
	constructor(parts: ModeControllerParts) {
		this.#parts = parts;
		this.#availability = parts.availability;
		this.#relapses = new Relapses(parts.probeMs);
		const {pool, clocks, availability, health, deadlineMs, reactions} = parts;
		this.#startTimer = new LoopTimeout(() => this.#onStartTimeout(), deadlineMs);
		this.#removeLaneListener = pool.onLane((event) => this.#onLane(event));
		const {domains} = parts;
		this.#heartbeat = new Heartbeat(parts.heartbeatMs, {
			isIdle: parts.isIdle,
			servers: () => (pool.topology === 'cluster' ? domains.usedNodes : [pool]),
			isInUse: () => availability.isConnected && !this.#isClosed,
			// Each ping is a `TIME`, which also keeps the bounds of the server's clock tight.
			ping: (lane) => sampleClock(clocks, lane),
			onTick: () => {
				health.tick();
				if (availability.isConnected) reactions.onHeartbeat();
			},
			onSuccess: ({lanes: [lane]}) => {
				const domain = lane && domains.ofLane(lane);
				if (domain === undefined) health.success();
				else health.nodeProbed(domain);
			},
			onFailure: ({lanes: [lane]}, error) => {
				const domain = lane && domains.ofLane(lane);
				if (domain === undefined) health.probeFailure(error);
				else health.nodeProbed(domain, error);
			},
		});
		this.#scheduleProbe(0);
	}

	/**
	 * Takes Redis out of use, if it is in use.
	 *
	 * @param isSilent True if Redis has missed deadlines.
	 */
	fallBack(reason: string, isSilent = false): void {
		if (!this.#availability.isConnected) return;
		this.#relapses.lost(isSilent);
		this.#fallBack(reason);
	}

	close(): void {
		this.#isClosed = true;
		this.#stopWaiting();
		this.#removeLaneListener();
		this.#heartbeat.close();
		this.#parts.domains.close();
		clearTimeout(this.#probeTimer);
	}

	#enter(mode: Mode, reason: string): void {
		const previous = this.#availability.enter(mode, reason);
		this.#parts.reactions.onMode(this.#availability.mode, previous);
	}

	#fallBack(reason: string): void {
		if (this.#isClosed || this.#availability.mode.mode === 'fallback') return;
		this.#enter('fallback', reason);
		this.#stopWaiting();
		this.#parts.domains.disconnected(reason);
		this.#parts.reactions.onFallback();
		this.#scheduleProbe(this.#parts.probeMs);
	}

	/** Releases the calls that wait for the first connection. */
	#stopWaiting(): void {
		this.#startTimer.clear();
		this.#availability.start();
	}

	#onStartTimeout(): void {
		const {problem} = this.#availability;
		this.#fallBack(`not connected within ${this.#parts.deadlineMs} ms${whyNotConnected(problem)}`);
		if (problem !== undefined) this.#parts.reactions.onProblem(problem);
	}

	#onLane(event: LaneEvent): void {
		const {watch, pool} = this.#parts;
		if (event.type === 'ready') {
			watch.laneConnected(event.lane);
			if (!this.#availability.isConnected) this.#scheduleProbe(0);
			return;
		}
		watch.laneLost(event.lane);
		if (event.type === 'closed') return;
		if (!pool.lanes.some((lane) => lane.state === 'ready' && watch.mayRead(lane)))
			this.fallBack(`connection lost: ${event.reason}`);
	}

	/** The pause after a relapse does not end early when a connection is ready again. */
	#scheduleProbe(delayMs: number): void {
		if (this.#isClosed || this.#isProbing) return;
		clearTimeout(this.#probeTimer);
		this.#probeTimer = setTimeout(() => void this.#probe(), Math.max(delayMs, this.#relapses.leftMs()));
		// Waiting for Redis must not keep the process alive.
		this.#probeTimer.unref();
	}

	async #probe(): Promise<void> {
		if (this.#isClosed || this.#isProbing || this.#availability.isConnected) return;
		this.#isProbing = true;
		try {
			await this.#reconnect();
		} catch (error) {
			this.#onProbeFailure(toError(error));
		} finally {
			this.#isProbing = false;
			if (!this.#availability.isConnected) this.#scheduleProbe(this.#probePauseMs());
		}
	}

	/** Probes every lane, recovers, and enters `connected`. Rejects if Redis fails in between. */
	async #reconnect(): Promise<void> {
		const {pool, clocks, health, domains, watch, reactions} = this.#parts;
		watch.startCheck(pool.lanes);
		if (pool.topology === 'cluster') {
			await domains.probeAll();
			watch.startCheck(pool.lanes);
		} else {
			// A lane that is not ready rejects at once, with its reason.
			await Promise.all(pool.lanes.map((lane) => checkTopology(lane, pool)));
			for (let probe = 0; probe < this.#relapses.probes; probe++)
				await Promise.all(pool.lanes.map((lane) => sampleClock(clocks, lane)));
		}
		this.#isRenewing = false;
		// Deleting a key that does not exist changes nothing, and shows if Redis accepts writes.
		const {probeKey} = domains.answering;
		await this.#checkRights(probeKey);
		if (health.areWritesRefused) await pool.laneOf(probeKey).send('DEL', [probeKey], {isUpkeep: true});
		if (this.#isClosed) return;
		if (this.#availability.mode.mode === 'fallback') this.#enter('recovering', 'Redis answers');
		await reactions.recover();
		if (this.#isClosed) return;
		watch.assertVerified(domains.answering.lanes);
		health.reset();
		this.#refusals = 0;
		this.#availability.problem = undefined;
		domains.connected();
		this.#relapses.back();
		this.#enter('connected', this.#availability.hasStarted ? 'reconciled' : 'connected');
		this.#stopWaiting();
	}

	/** Rejects if the user lacks the rights to read. */
	async #checkRights(probeKey: string): Promise<void> {
		const {pool, aclLine, onRights} = this.#parts;
		const rights = await checkRights(pool.laneOf(probeKey), probeKey, aclLine);
		if (rights.reads !== undefined) throw rights.reads;
		onRights(rights);
	}

	#onProbeFailure(cause: Error): void {
		const error = this.#explain(cause);
		if (!this.#isRenewing || !(error instanceof NotConnectedError)) this.#noteProblem(error);
		if (error instanceof ServerError && error.prefix === 'READONLY') this.#renewLanes();
		if (!this.#availability.hasStarted || this.#availability.mode.mode !== 'recovering') return;
		if (cause instanceof DeadlineError) this.#relapses.failed();
		this.#enter('fallback', `recovery failed: ${error.message}`);
	}

	/** The error with its known cause, and advice. */
	#explain(error: Error): Error {
		const {pool, aclLine, deadlineMs} = this.#parts;
		if (error instanceof ServerError) return withLeastRights(error, aclLine);
		const lateMs = Math.max(...pool.lanes.map((lane) => lane.lateMs ?? 0));
		if (!(error instanceof DeadlineError) || lateMs === 0) return error;
		return new NotConnectedError(
			`Redis at ${pool.url} took ${Math.round(lateMs)} ms to answer, and the deadline is ${deadlineMs} ms: raise deadline, or use a Redis that is nearer or less busy`,
			{cause: error},
		);
	}

	/**
	 * Remembers the reason why Redis cannot be used, and reports it if it is new. Different numbers in the message do not make
	 * it new.
	 */
	#noteProblem(error: Error): void {
		const {problem, hasStarted} = this.#availability;
		this.#refusals = isOutage(error) ? 0 : this.#refusals + 1;
		this.#availability.problem = error;
		if (withoutNumbers(problem) !== withoutNumbers(error) && hasStarted && !this.#isClosed)
			this.#parts.reactions.onProblem(error);
	}

	/** The pause doubles with each refusal, since Redis is likely to refuse the next probe as well. */
	#probePauseMs(): number {
		return doublingPause(this.#parts.probeMs, this.#refusals, maxProbePauseMs);
	}

	/**
	 * Reconnects the lanes: a master that becomes a replica keeps its connections, although the address may already lead to the
	 * new master.
	 */
	#renewLanes(): void {
		const now = localNow();
		if (now - this.#renewedAt < renewMs) return;
		this.#renewedAt = now;
		this.#isRenewing = true;
		for (const lane of this.#parts.pool.lanes) lane.reset('it leads to a replica');
	}
}

function withoutNumbers(error: Error | undefined): string | undefined {
	return error?.message.replaceAll(/\d+/g, '');
}
