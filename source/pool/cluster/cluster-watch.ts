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
	/** Opens a lane that is used only to ask for the map of the cluster. */
	readonly openSeed: (address: string) => RedisLane;
	/** A lane to each of the known nodes. */
	readonly lanes: () => readonly Lane[];
	readonly onMap: (map: ClusterMap) => void;
};

/** Milliseconds between two requests for the map. */
const pauseMs = 100;
/** The same while nodes cannot be reached, when replicas may be promoted. */
const retryMs = 300;
/** Number of nodes that are asked at the same time, so that one lost node does not delay the answer. */
const askedAtOnce = 2;
/**
 * Milliseconds after which the map is requested again, initially and at most: replicas come and go without a new configuration
 * epoch.
 */
const mapAgeMs = {first: 1000, most: 60_000};

/**
 * Keeps the map of a cluster up to date: asks the nodes in the URL at the start, and the known nodes later. It asks when a
 * command is redirected, when a connection is lost, when the configuration epoch has grown, and repeatedly while a node cannot
 * be reached or a slot has no master.
 */
export class ClusterWatch {
	readonly #options: ClusterWatchOptions;
	/** Lanes to the nodes in the URL, open as long as no known node answers. */
	#seeds = new Map<string, RedisLane>();
	#timer: NodeJS.Timeout | undefined;
	#isAsking = false;
	#isAskedAgain = false;
	#isChecking = false;
	/** Configuration epoch of the current map. */
	#epoch = 0;
	#signature = '';
	#askedAt = 0;
	#maxAgeMs = mapAgeMs.first;
	#isClosed = false;
	/** False while a slot has no master, which a failover will give it. */
	#isWhole = true;
	/** Limits `CLUSTER INFO` requests if the ACL of the user does not allow them. */
	readonly #stateRefusals = new RefusalPause();
	/** The reason why no node has given a map; undefined once one has. */
	#problem: RedisCacheError | undefined;

	constructor(options: ClusterWatchOptions) {
		this.#options = options;
	}

	get seeds(): readonly RedisLane[] {
		return [...this.#seeds.values()];
	}

	/** The reason why there is no map yet: preferably the error reply of a node. */
	get problem(): RedisCacheError | undefined {
		return this.#problem ?? this.seeds.find(({reason}) => reason !== undefined)?.reason;
	}

	/** Connects to the nodes of the URL. Each is asked once it is connected. */
	start(): void {
		this.#openSeeds();
	}

	/** Requests the map soon: the nodes may have changed. */
	refresh(): void {
		if (this.#isAsking) this.#isAskedAgain = true;
		else this.#schedule(0);
	}

	/**
	 * Asks one node for the configuration epoch, which grows when slots or masters change. Requests the map if the epoch has
	 * grown, if the node says that the cluster is down, if the user lacks the right to CLUSTER INFO, and otherwise at growing intervals
	 * since the last change.
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

	/** @returns False if no node has given a map. */
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
			// An error reply says more than a timeout.
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
