import type {ModeChange} from '../../metrics/snapshot.js';
import {ConnectionLostError, DeadlineError, NotConnectedError, ServerError} from '../../pool/errors.js';
import type {Lane, LaneEvent, Pool} from '../../pool/types.js';
import {localNow, type ServerClock} from '../support/server-clock.js';
import {Breaker, type BreakerLimits} from './breaker.js';
import {ConnectGate} from './connect-gate.js';
import {Heartbeat} from './heartbeat.js';

/** What the mode asks of the rest of the cache. */
export type ModeControllerHooks = {
	/** Redis is out of use from now on. */
	readonly onFallback: (reason: string) => void;
	/** Makes Redis usable again: reconciles. Rejects when Redis is away again. */
	readonly recover: () => Promise<void>;
	/** About once a second, while connected. */
	readonly onHeartbeat: () => void;
	/** Whether a lane that has just connected leads to the server that was checked before. */
	readonly isSameServer: (lane: Lane) => Promise<boolean>;
	/** Why Redis cannot be used; again only when the reason changes. */
	readonly onProblem: (error: Error) => void;
	readonly onMode: (now: ModeChange, previous: ModeChange) => void;
};

export type ModeControllerOptions = {
	readonly limits: BreakerLimits;
	readonly probeMs: number;
	readonly deadlineMs: number;
	/** A key that is never written: deleting it changes nothing, and tells whether writes are accepted. */
	readonly probeKey: string;
};

const keptChanges = 64;
/** How often lanes connect anew while the server they lead to is a replica. */
const renewMs = 2000;

/** Whether an error says that Redis cannot be used now. Full queues and bugs do not. */
export function isOutage(error: unknown): boolean {
	return (
		error instanceof DeadlineError ||
		error instanceof ConnectionLostError ||
		error instanceof NotConnectedError ||
		(error instanceof ServerError && error.kind === 'unavailable')
	);
}

/**
 * The one place that changes the mode: `recovering` (at first, "connecting") → `connected` → `fallback` → `recovering` → …
 * Invariant: `connected` is entered only after a probe of every lane and a completed `recover()`.
 */
export class ModeController {
	#mode: ModeChange = {mode: 'recovering', at: Date.now(), reason: 'connecting'};
	readonly #changes: ModeChange[] = [this.#mode];
	readonly #breaker: Breaker;
	readonly #pool: Pool;
	readonly #clock: ServerClock;
	readonly #options: ModeControllerOptions;
	readonly #hooks: ModeControllerHooks;
	readonly #unsubscribe: () => void;
	readonly #heartbeat: Heartbeat;
	readonly #startup: ConnectGate;
	#probeTimer: NodeJS.Timeout | undefined;
	#probing = false;
	/** Whether it was writes that failed: then the probe has to try one. */
	#writesRefused = false;
	#closed = false;
	#problem: Error | undefined;
	#refusals = 0;
	/** Lanes that have connected since all were looked at, and of which it is not known yet where they lead. */
	readonly #unknown = new Set<Lane>();
	/** Local time at which lanes were last made to connect anew. */
	#renewedAt = Number.NEGATIVE_INFINITY;
	/** Whether they have not all come back since. */
	#renewing = false;

	constructor(pool: Pool, clock: ServerClock, options: ModeControllerOptions, hooks: ModeControllerHooks) {
		this.#pool = pool;
		this.#clock = clock;
		this.#options = options;
		this.#hooks = hooks;
		this.#breaker = new Breaker(options.limits);
		this.#startup = new ConnectGate(options.deadlineMs, () => {
			const why = this.#problem === undefined ? '' : `: ${this.#problem.message}`;
			this.#fallBack(`not connected within ${options.deadlineMs} ms${why}`);
			if (this.#problem !== undefined) this.#hooks.onProblem(this.#problem);
		});
		this.#unsubscribe = pool.onLane((event) => this.#onLane(event));
		this.#heartbeat = new Heartbeat(pool, {
			isInUse: () => this.connected && !this.#closed,
			// Keeps the clock's bounds tight, too.
			ask: (lane) => this.#sample(lane),
			onTick: () => {
				this.#breaker.tick();
				if (this.connected) this.#hooks.onHeartbeat();
			},
			onAnswer: () => this.success(),
			onFailure: (error) => this.failure(error, false),
		});
		this.#scheduleProbe(0);
	}

	get connected(): boolean {
		return this.#mode.mode === 'connected';
	}

	get mode(): ModeChange {
		return this.#mode;
	}

	/** Why Redis cannot be used, as far as it is known. */
	get problem(): Error | undefined {
		return this.#problem;
	}

	get changes(): readonly ModeChange[] {
		return [...this.#changes];
	}

	/** Whether the first connection is still being waited for. Until this says no, nobody may go ahead of those who wait. */
	get starting(): boolean {
		return this.#startup.isWaitedFor;
	}

	/** Resolves when the first connection is there, or its deadline has passed. */
	get startup(): Promise<void> {
		return this.#startup.over;
	}

	/** Whether a lane leads to the Redis that was checked: what another one says may be out of date. */
	mayRead(lane: Lane): boolean {
		return this.#unknown.size === 0 || !this.#unknown.has(lane);
	}

	success(): void {
		this.#breaker.success();
	}

	/** Counts an error against Redis, if it is one that counts. A connection lost is one, silence is as many as waited. */
	failure(error: unknown, write: boolean, calls = 1): void {
		if (!isOutage(error)) {
			if (error instanceof ServerError) this.#breaker.success();
			return;
		}
		if (write && error instanceof ServerError) this.#writesRefused = true;
		const opened = this.#breaker.failure(error instanceof DeadlineError ? calls : 1);
		if (opened !== undefined && this.connected)
			this.#fallBack(`${opened}, the last: ${error instanceof Error ? error.message : String(error)}`);
	}

	/** Leaves Redis alone although commands get through: the journal cannot be reconciled. */
	fallBack(reason: string): void {
		if (this.connected) this.#fallBack(reason);
	}

	/** Looks whether Redis still is the one it was: all it had may have been replaced. */
	verify(): void {
		const lane = this.#pool.lanes[0];
		if (this.connected && lane !== undefined) void this.#verify(lane);
	}

	/** A new connection leads to another Redis than the lanes did when they were checked. */
	async follow(): Promise<void> {
		const {lanes} = this.#pool;
		const [lane] = lanes;
		if (!this.connected || lane === undefined) return;
		// One that does not say so is looked at as soon as it is lost, or answers again.
		const isSame = await this.#hooks.isSameServer(lane).catch(() => undefined);
		if (!this.connected || isSame === undefined) return;
		if (!isSame) this.#fallBack('another Redis answers');
		// The address has moved, and nothing has cut them off: where they lead to, nobody else may be any more.
		else for (const each of lanes) each.reset('its address leads to another Redis');
	}

	close(): void {
		this.#closed = true;
		this.#startup.end();
		this.#unsubscribe();
		this.#heartbeat.close();
		clearTimeout(this.#probeTimer);
	}

	#change(mode: ModeChange['mode'], reason: string): void {
		const previous = this.#mode;
		this.#mode = {mode, at: Date.now(), reason};
		this.#changes.push(this.#mode);
		if (this.#changes.length > keptChanges) this.#changes.shift();
		this.#hooks.onMode(this.#mode, previous);
	}

	#fallBack(reason: string): void {
		if (this.#closed || this.#mode.mode === 'fallback') return;
		this.#change('fallback', reason);
		this.#startup.end();
		this.#hooks.onFallback(reason);
		this.#scheduleProbe(this.#options.probeMs);
	}

	#onLane(event: LaneEvent): void {
		if (event.type === 'ready') {
			this.#unknown.add(event.lane);
			if (this.connected) void this.#verify(event.lane);
			else this.#scheduleProbe(0);
			return;
		}
		this.#unknown.delete(event.lane);
		if (this.connected && !this.#pool.lanes.some((lane) => lane.state === 'ready' && this.mayRead(lane)))
			this.#fallBack(`connection lost: ${event.reason}`);
	}

	#scheduleProbe(delayMs: number): void {
		if (this.#closed || this.#probing) return;
		clearTimeout(this.#probeTimer);
		this.#probeTimer = setTimeout(() => void this.#probe(), delayMs);
		// While the cache is in use something else keeps the process alive; waiting for Redis must not.
		this.#probeTimer.unref();
	}

	async #probe(): Promise<void> {
		if (this.#closed || this.#probing || this.connected) return;
		this.#probing = true;
		this.#unknown.clear();
		try {
			// A lane that is not ready rejects at once, with its reason.
			await Promise.all(this.#pool.lanes.map((lane) => this.#sample(lane)));
			this.#renewing = false;
			if (this.#writesRefused) await this.#pool.laneOf(this.#options.probeKey).send('DEL', [this.#options.probeKey]);
			if (this.#closed) return;
			if (this.#mode.mode === 'fallback') this.#change('recovering', 'Redis answers');
			await this.#hooks.recover();
			if (this.#closed) return;
			if (this.#unknown.size > 0)
				throw new NotConnectedError('A lane has connected anew meanwhile: looking again where it leads');
			this.#writesRefused = false;
			this.#problem = undefined;
			this.#refusals = 0;
			this.#breaker.reset();
			this.#change('connected', this.#startup.isOver ? 'reconciled' : 'connected');
			this.#startup.end();
		} catch (error) {
			const problem = error instanceof Error ? error : new Error(String(error));
			if (!this.#renewing || !(problem instanceof NotConnectedError)) this.#note(problem);
			if (problem instanceof ServerError && problem.prefix === 'READONLY') this.#renew();
			if (this.#startup.isOver && this.#mode.mode === 'recovering')
				this.#change('fallback', `recovery failed: ${error instanceof Error ? error.message : String(error)}`);
		} finally {
			this.#probing = false;
			// What is refused now will be refused again: no need to ask ten times a second.
			if (!this.connected)
				this.#scheduleProbe(Math.min(this.#options.probeMs * 2 ** Math.min(this.#refusals, 6), 5000));
		}
	}

	/** A master that has become a replica keeps its connections, while the address may lead to the new master. */
	#renew(): void {
		const now = localNow();
		if (now - this.#renewedAt < renewMs) return;
		this.#renewedAt = now;
		this.#renewing = true;
		for (const lane of this.#pool.lanes) lane.reset('it leads to a replica');
	}

	/** Remembers why Redis cannot be used, and says so when the reason is a new one. */
	#note(error: Error): void {
		this.#refusals = isOutage(error) ? 0 : this.#refusals + 1;
		const isNew = this.#problem?.message !== error.message;
		this.#problem = error;
		if (isNew && this.#startup.isOver && !this.#closed) this.#hooks.onProblem(error);
	}

	/** Behind an address that moves, a lane that comes back by itself while others go on may lead to another server. */
	async #verify(lane: Lane): Promise<void> {
		try {
			const [same] = await Promise.all([this.#hooks.isSameServer(lane), this.#sample(lane)]);
			if (same) this.#unknown.delete(lane);
			else if (this.connected) this.#fallBack('another Redis answers');
		} catch (error) {
			// Where it leads is still not known: a new connection is asked again.
			if (lane.state === 'ready') lane.reset('it did not say where it leads');
			this.failure(error, false);
		}
	}

	async #sample(lane: Lane): Promise<void> {
		const t0 = localNow();
		const reply = (await lane.send('TIME', [])) as readonly unknown[];
		const server = Number(reply[0]) * 1_000_000 + Number(reply[1]);
		if (!Number.isSafeInteger(server)) return;
		if (this.#pool.topology === 'cluster') this.#clock.include(t0, server, localNow());
		else this.#clock.sample(t0, server, localNow());
	}
}
