import {clearTimeout, monotonicNow, setTimeout} from '../../time/real-time.js';
import {type RedisCacheError, ServerError} from '../errors.js';
import type {RedisLane} from '../lanes/redis-lane.js';
import {RefusalPause} from '../refusal-pause.js';
import type {Lane} from '../types.js';
import {type AskForState, askAll, epochOf, isDoubtful} from './ask-for-map.js';
import type {ClusterMap} from './cluster-map.js';

export type ClusterWatchOptions = {
	/** Addresses of nodes from the URL. */
	readonly seeds: readonly string[];
	/** Opens a lane that is only asked for the nodes. */
	readonly openSeed: (address: string) => RedisLane;
	/** A lane to each of the known nodes. */
	readonly lanes: () => readonly Lane[];
	readonly onMap: (map: ClusterMap) => void;
};

/** Pause after the nodes were asked for, in milliseconds. */
const pauseMs = 100;
/** The same while nodes cannot be reached: others may take their place. */
const retryMs = 300;
/** Nodes that are asked at the same time, so that one which has just been lost does not hold up the other. */
const askedAtOnce = 2;
/** Milliseconds after which the map is asked for again, at first and at most: replicas come and go without a newer configuration. */
const mapAgeMs = {first: 1000, most: 60_000};

/**
 * Finds out which nodes a cluster has, at the start from those of the URL, later from those that are known: when a command is
 * redirected, when a connection is lost, when the configuration has become a newer one, and again and again while a node, or
 * the master of a slot, is missing.
 */
export class ClusterWatch {
	readonly #options: ClusterWatchOptions;
	/** Lanes to the nodes of the URL, while no node is known that answers. */
	#seeds = new Map<string, RedisLane>();
	#timer: NodeJS.Timeout | undefined;
	#isAsking = false;
	#isAskedAgain = false;
	#isChecking = false;
	/** Epoch of the configuration from which the nodes are known. */
	#epoch = 0;
	#signature = '';
	#askedAt = 0;
	#maxAgeMs = mapAgeMs.first;
	#isClosed = false;
	/** False while slots have no master: they will get one. */
	#isWhole = true;
	/** This user may lack the right to ask for the state of the cluster. */
	readonly #stateRefusals = new RefusalPause();
	/** The reason why no node has listed the nodes; undefined once one has. */
	#problem: RedisCacheError | undefined;

	constructor(options: ClusterWatchOptions) {
		this.#options = options;
	}

	get seeds(): readonly RedisLane[] {
		return [...this.#seeds.values()];
	}

	/** Why the nodes are not known: the answer of a node, if there was one. */
	get problem(): RedisCacheError | undefined {
		return this.#problem ?? this.seeds.find(({reason}) => reason !== undefined)?.reason;
	}

	/** Connects to the nodes of the URL. Each is asked once it is connected. */
	start(): void {
		this.#openSeeds();
	}

	/** The nodes may have changed: asks for them soon. */
	refresh(): void {
		if (this.#isAsking) this.#isAskedAgain = true;
		else this.#schedule(0);
	}

	/**
	 * Asks one node for the epoch of the configuration, which grows when slots or masters change: they are asked for if it is
	 * newer, if the node is cut off from the others, and now and then in any case, the sooner the less time ago they have changed.
	 */
	async check(): Promise<void> {
		const [lane] = inRandomOrder(this.#options.lanes().filter(isReady));
		if (this.#isChecking || this.#isAsking || lane === undefined) return;
		this.#isChecking = true;
		const state = await this.#askForState(lane);
		this.#isChecking = false;
		const isOld = monotonicNow() - this.#askedAt >= this.#maxAgeMs;
		if (isOld || !this.#stateRefusals.isOver || isDoubtful(state) || epochOf(state) > this.#epoch) this.refresh();
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		await this.#closeSeeds();
	}

	#schedule(ms: number): void {
		if (this.#isClosed || this.#timer !== undefined) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			void this.#ask();
		}, ms);
		this.#timer.unref();
	}

	async #ask(): Promise<void> {
		this.#isAsking = true;
		this.#isAskedAgain = false;
		const isFound = await this.#find();
		this.#isAsking = false;
		if (this.#isClosed) return;
		const {lanes} = this.#options;
		if (!isFound && !lanes().some(isReady)) this.#openSeeds();
		if (this.#isAskedAgain) this.#schedule(pauseMs);
		else if (!isFound || !this.#isWhole || !lanes().every(isReady)) this.#schedule(retryMs);
	}

	/** @returns False if no node has listed them. */
	async #find(): Promise<boolean> {
		const {lanes, onMap} = this.#options;
		const known = lanes().filter(isReady);
		const asked = known.length > 0 ? inRandomOrder(known).slice(0, askedAtOnce) : this.seeds.filter(isReady);
		try {
			let answer = await askAll(asked, this.#askForState);
			if (answer.isDoubtful && known.length > asked.length) answer = await askAll(known, this.#askForState);
			if (this.#isClosed) return true;
			this.#problem = undefined;
			this.#isWhole = answer.map.isWhole;
			this.#epoch = answer.epoch;
			this.#noteAge(answer.map);
			onMap(answer.map);
			void this.#closeSeeds();
			return true;
		} catch (error) {
			if (!(error instanceof AggregateError)) throw error;
			// A refusal says more than silence.
			this.#problem = error.errors.find((each) => each instanceof ServerError) ?? error.errors[0];
			return false;
		}
	}

	#noteAge({signature}: ClusterMap): void {
		this.#askedAt = monotonicNow();
		const isChanged = signature !== this.#signature;
		this.#maxAgeMs = isChanged ? mapAgeMs.first : Math.min(mapAgeMs.most, 2 * this.#maxAgeMs);
		this.#signature = signature;
	}

	readonly #askForState: AskForState = async (lane) => {
		if (!this.#stateRefusals.isOver) return '';
		try {
			const state = String(await lane.send('CLUSTER', ['INFO'], {isUpkeep: true}));
			this.#stateRefusals.granted();
			return state;
		} catch (error) {
			if (error instanceof ServerError && error.kind === 'denied') this.#stateRefusals.refused();
			return '';
		}
	};

	#openSeeds(): void {
		if (this.#seeds.size > 0) return;
		const {seeds, openSeed} = this.#options;
		this.#seeds = new Map(seeds.map((address) => [address, openSeed(address)]));
	}

	async #closeSeeds(): Promise<void> {
		const lanes = this.seeds;
		this.#seeds.clear();
		await Promise.all(lanes.map((lane) => lane.close(0)));
	}
}

function isReady({state}: Lane): boolean {
	return state === 'ready';
}

function inRandomOrder<T>(items: readonly T[]): readonly T[] {
	return items
		.map((item) => ({item, at: Math.random()}))
		.sort((a, b) => a.at - b.at)
		.map(({item}) => item);
}
