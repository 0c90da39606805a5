import type {EngineClient, EngineEvent, EngineSnapshot} from '../engine/protocol.js';
import type {ModeChange} from '../metrics/snapshot.js';
import {addEvents} from './event-log.js';
import {History, type OutageSpan} from './history.js';

/** What panels draw from. A new object each time something changed; the history in it only grows. */
export type StoreState = {
	readonly snapshot: EngineSnapshot | undefined;
	readonly history: History;
	/** Where the charts end, in Unix seconds. Changes once a second. */
	readonly endSecond: number | undefined;
	readonly outages: readonly OutageSpan[];
	readonly modes: readonly ModeChange[];
	readonly log: readonly EngineEvent[];
	/** Milliseconds since the newest snapshot, once that is too long; undefined while they come as they should. */
	readonly silentMs: number | undefined;
	/** When the screen was paused, Unix time in milliseconds. */
	readonly pausedAt: number | undefined;
};

/** Milliseconds without a snapshot after which the screen says so. */
const silenceMs = 2500;

/** Takes snapshots from the engine, keeps the histories, and tells the panels. Counts on while the screen is paused. */
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
	#drawnAt = 0;
	#pausedAt: number | undefined;
	#state: StoreState;

	/**
	 * @param frameMs least milliseconds from one change that panels see to the next. A screen that is slower than the
	 * snapshots skips some of them, so that keys never wait behind a queue of frames. 0: every snapshot, at once.
	 */
	constructor(client: EngineClient, frameMs = 0) {
		this.#client = client;
		this.#frameMs = frameMs;
		this.#state = this.#draw();
		this.#unsubscribe = client.subscribe((snapshot) => this.#take(snapshot));
		const first = client.latest();
		if (first) this.#take(first);
		this.#watch = setInterval(() => this.#listenForSilence(), 1000);
		this.#watch.unref();
	}

	readonly getState = (): StoreState => this.#state;

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** While paused, what panels see stays as it is. */
	setPaused(isPaused: boolean): void {
		if (isPaused === (this.#pausedAt !== undefined)) return;
		this.#pausedAt = isPaused ? Date.now() : undefined;
		this.#publish(this.#draw());
	}

	close(): void {
		clearInterval(this.#watch);
		clearTimeout(this.#frame);
		this.#unsubscribe();
		this.#listeners.clear();
	}

	#take(snapshot: EngineSnapshot): void {
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
			this.#publish(this.#draw());
			return;
		}
		if (this.#frame !== undefined) return;
		const wait = Math.max(0, this.#drawnAt + this.#frameMs - performance.now());
		this.#frame = setTimeout(() => {
			this.#frame = undefined;
			if (this.#pausedAt === undefined) this.#publish(this.#draw());
			this.#drawnAt = performance.now();
		}, wait);
	}

	#listenForSilence(): void {
		if (this.#pausedAt !== undefined || this.#latest === undefined) return;
		const silentMs = Date.now() - this.#receivedAt;
		if (silentMs > silenceMs) this.#publish({...this.#state, silentMs});
	}

	#draw(): StoreState {
		return {
			snapshot: this.#latest ?? this.#client.latest(),
			history: this.#history,
			endSecond: this.#history.endSecond,
			outages: this.#history.outages,
			modes: this.#history.modes,
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
