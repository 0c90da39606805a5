import type {ApplicationOutage, EngineClient, EngineEvent, EngineSnapshot, Source} from '../../engine/protocol.js';
import type {ModeChange} from '../../metrics/snapshot.js';
import {addEvents} from './event-log.js';
import {History, type OutageSpan} from './history.js';

/** The data that panels draw: a new object for each change. `history` is one object that only grows. */
export type StoreState = {
	readonly snapshot: EngineSnapshot | undefined;
	/** The current step before the first snapshot, in a few words. */
	readonly starting: string;
	/** The subject of the Overview. */
	readonly source: Source;
	readonly history: History;
	/** The last complete second, where charts end, in Unix seconds. */
	readonly endSecond: number | undefined;
	readonly outages: readonly OutageSpan[];
	readonly modes: readonly ModeChange[];
	readonly applicationOutages: readonly ApplicationOutage[];
	readonly log: readonly EngineEvent[];
	/** Milliseconds since the newest snapshot once it is overdue; undefined while snapshots arrive in time. */
	readonly silentMs: number | undefined;
	/** When the screen was paused, Unix time in milliseconds. */
	readonly pausedAt: number | undefined;
};

/** Milliseconds without a snapshot after which it is overdue. */
const overdueMs = 2500;

/** Milliseconds between two checks for an overdue snapshot. */
const watchMs = 1000;

/**
 * Collects the snapshots of the engine, keeps the histories, and publishes a state for the panels.
 *
 * While paused, the published state stays as it is, and collecting goes on.
 */
export class Store {
	readonly #client: EngineClient;
	readonly #listeners = new Set<() => void>();
	readonly #unsubscribe: () => void;
	readonly #watch: NodeJS.Timeout;
	readonly #frameMs: number;
	#history = new History();
	#log: readonly EngineEvent[] = [];
	#latest: EngineSnapshot | undefined;
	#target: string | undefined;
	#receivedAt = Date.now();
	#frame: NodeJS.Timeout | undefined;
	#publishedAt = 0;
	#pausedAt: number | undefined;
	#state: StoreState;

	/**
	 * @param frameMs least milliseconds between two published states. A screen that draws slower than snapshots arrive
	 * skips some of them, so that keystrokes never wait behind a queue of frames. 0: publish every snapshot at once.
	 */
	constructor(client: EngineClient, frameMs = 0) {
		this.#client = client;
		this.#frameMs = frameMs;
		this.#state = this.#current();
		this.#unsubscribe = client.subscribe((snapshot) => this.#collect(snapshot));
		const first = client.latest();
		if (first) this.#collect(first);
		this.#watch = setInterval(() => this.#publishSilence(), watchMs);
		this.#watch.unref();
	}

	readonly getState = (): StoreState => this.#state;

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** Stops or resumes publishing. */
	setPaused(isPaused: boolean): void {
		if (isPaused === (this.#pausedAt !== undefined)) return;
		this.#pausedAt = isPaused ? Date.now() : undefined;
		this.#publish(this.#current());
	}

	close(): void {
		clearInterval(this.#watch);
		clearTimeout(this.#frame);
		this.#unsubscribe();
		this.#listeners.clear();
	}

	#collect(snapshot: EngineSnapshot): void {
		if (snapshot === this.#latest) return;
		this.#receivedAt = Date.now();
		const target = `${snapshot.target.kind} ${snapshot.target.url} ${snapshot.startedAt}`;
		if (this.#target !== undefined && this.#target !== target) this.#history = new History();
		this.#target = target;
		this.#latest = snapshot;
		this.#history.add(snapshot);
		this.#log = addEvents(this.#log, snapshot.events);
		if (this.#pausedAt === undefined) this.#schedule();
	}

	#schedule(): void {
		if (this.#frameMs === 0) {
			this.#publish(this.#current());
			return;
		}
		if (this.#frame !== undefined) return;
		const wait = Math.max(0, this.#publishedAt + this.#frameMs - performance.now());
		this.#frame = setTimeout(() => {
			this.#frame = undefined;
			if (this.#pausedAt === undefined) this.#publish(this.#current());
			this.#publishedAt = performance.now();
		}, wait);
	}

	#publishSilence(): void {
		if (this.#pausedAt !== undefined || this.#latest === undefined) return;
		const silentMs = Date.now() - this.#receivedAt;
		if (silentMs > overdueMs) this.#publish({...this.#state, silentMs});
	}

	#current(): StoreState {
		const snapshot = this.#latest ?? this.#client.latest();
		return {
			snapshot,
			starting: this.#client.starting ?? 'starting',
			source: snapshot?.source ?? this.#client.firstSource ?? 'cache',
			history: this.#history,
			endSecond: this.#history.endSecond,
			outages: this.#history.outages,
			modes: this.#history.modes,
			applicationOutages: this.#history.applicationOutages,
			log: this.#log,
			silentMs: undefined,
			pausedAt: this.#pausedAt,
		};
	}

	#publish(state: StoreState): void {
		this.#state = state;
		for (const listener of [...this.#listeners]) listener();
	}
}
