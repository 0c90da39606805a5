import type {LaneSnapshot} from '../../metrics/pool-snapshot.js';
import type {Traffic} from '../commands/command-channel.js';
import {ClosedError, NotConnectedError} from '../errors.js';
import {commonBasis, hashKey} from '../key-hash.js';
import type {Lane, PoolNode} from '../types.js';
import type {Lanes} from './lanes.js';
import {ReadyWaiters} from './ready-waiters.js';
import type {LaneOptions, RedisLane} from './redis-lane.js';

export type LaneSetOptions = {
	readonly count: number;
	/** For error messages. */
	readonly redactedUrl: string;
	/** Longest time in milliseconds that a closing lane waits for the replies that are due. */
	readonly drainMs: number;
	readonly newLane: (options: Pick<LaneOptions, 'id' | 'traffic'>) => RedisLane;
};

/**
 * The lanes of a pool to one server, and the assignment of keys to them.
 *
 * A key takes the same lane until the routing changes, so that commands for one key keep their order. Keys leave lanes that
 * `resize` removes at once, and take lanes that it adds once all of them are ready.
 */
export class LaneSet implements Lanes {
	readonly #options: LaneSetOptions;
	readonly #traffic: Traffic = {inFlight: 0};
	readonly #readyWaiters = new ReadyWaiters();
	/** Removed lanes that are not closed yet. */
	readonly #draining = new Set<Promise<void>>();
	#lanes: readonly RedisLane[];
	/** The lanes that keys are assigned to. Never empty. */
	#routed: readonly RedisLane[];
	#routing = 0;
	#nextId = 0;

	constructor(options: LaneSetOptions) {
		this.#options = options;
		this.#lanes = Array.from({length: options.count}, () => this.#newLane());
		this.#routed = this.#lanes;
	}

	get all(): readonly Lane[] {
		return this.#lanes;
	}

	/** The same lanes, as `RedisLane`. */
	get lanes(): readonly RedisLane[] {
		return this.#lanes;
	}

	/** Empty: all lanes lead to one server. */
	get nodes(): readonly PoolNode[] {
		return [];
	}

	nodeOf(): undefined {
		return undefined;
	}

	/** Changes whenever keys may take another lane than before. */
	get routing(): number {
		return this.#routing;
	}

	get isReady(): boolean {
		return this.#lanes.every((lane) => lane.state === 'ready');
	}

	laneOf(key: string): Lane {
		const lanes = this.#routed;
		return lanes[hashKey(key, commonBasis) % lanes.length] as Lane;
	}

	/** Resolves once every lane is ready, or rejects with `NotConnectedError` after `timeoutMs`. */
	ready(timeoutMs: number): Promise<void> {
		if (this.isReady) return Promise.resolve();
		return this.#readyWaiters.wait(timeoutMs, () => this.#notReady(timeoutMs));
	}

	/** A lane has become ready. */
	onLaneReady(): void {
		if (!this.isReady) return;
		this.#route(this.#lanes);
		this.#readyWaiters.resolveAll();
	}

	/** The lane connects again by itself. */
	onLaneLost(): void {}

	async resize(count: number): Promise<void> {
		const kept = this.#lanes.slice(0, count);
		const removed = this.#lanes.slice(count);
		this.#lanes = [...kept, ...Array.from({length: count - kept.length}, () => this.#newLane())];
		this.#route(this.#routed.filter((lane) => kept.includes(lane)));
		this.onLaneReady();
		await Promise.all(removed.map((lane) => this.#drain(lane)));
	}

	resetAll(reason: string): void {
		for (const lane of this.#lanes) lane.reset(reason);
	}

	snapshot(): readonly LaneSnapshot[] {
		return this.#lanes.map((lane) => lane.snapshot());
	}

	rejectReadyWaiters(): void {
		this.#readyWaiters.rejectAll(new ClosedError('The pool'));
	}

	/** Resolves once every lane is closed, removed ones included. */
	async close(): Promise<void> {
		await Promise.all([...this.#draining, ...this.#lanes.map((lane) => lane.close(this.#options.drainMs))]);
	}

	#newLane(): RedisLane {
		return this.#options.newLane({id: this.#nextId++, traffic: this.#traffic});
	}

	async #drain(lane: RedisLane): Promise<void> {
		const closed = lane.close(this.#options.drainMs);
		this.#draining.add(closed);
		await closed;
		this.#draining.delete(closed);
	}

	#route(lanes: readonly RedisLane[]): void {
		if (lanes.length === this.#routed.length && lanes.every((lane, index) => lane === this.#routed[index])) return;
		this.#routed = lanes;
		this.#routing++;
	}

	#notReady(timeoutMs: number): NotConnectedError {
		const cause = this.#lanes.find((lane) => lane.state !== 'ready')?.reason;
		const why = cause === undefined ? 'still connecting' : cause.message;
		return new NotConnectedError(`Not connected to ${this.#options.redactedUrl} within ${timeoutMs} ms: ${why}`, {
			cause,
		});
	}
}
