import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {NotConnectedError, type RedisCacheError, ServerError} from '../errors.js';
import type {RedisLane} from '../lanes/redis-lane.js';
import type {Lane} from '../types.js';
import {type ClusterMap, parseClusterSlots} from './cluster-map.js';

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

/**
 * Finds out which nodes a cluster has, at the start from those of the URL, later from those that are known: when a command is
 * redirected, when a connection is lost, and again and again while one, or the master of a slot, is missing.
 */
export class ClusterWatch {
	readonly #options: ClusterWatchOptions;
	/** Lanes to the nodes of the URL, while no node is known that answers. */
	#seeds = new Map<string, RedisLane>();
	#timer: NodeJS.Timeout | undefined;
	#isAsking = false;
	#isAskedAgain = false;
	#isClosed = false;
	/** False while slots have no master: they will get one. */
	#isWhole = true;
	/** False if this user may not ask for the state of the cluster. */
	#mayAskForState = true;
	/** Why no node has told the nodes; undefined once one has. */
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

	/** @returns False if no node has told. */
	async #find(): Promise<boolean> {
		const {lanes, onMap} = this.#options;
		const known = lanes().filter(isReady);
		const asked = known.length > 0 ? inRandomOrder(known).slice(0, askedAtOnce) : this.seeds.filter(isReady);
		try {
			let {map, isDoubtful} = await askAll(asked, this.#askForState);
			if (isDoubtful && known.length > asked.length) ({map, isDoubtful} = await askAll(known, this.#askForState));
			if (this.#isClosed) return true;
			this.#problem = undefined;
			this.#isWhole = map.isWhole;
			onMap(map);
			void this.#closeSeeds();
			return true;
		} catch (error) {
			if (!(error instanceof AggregateError)) throw error;
			// A refusal says more than silence.
			this.#problem = error.errors.find((each) => each instanceof ServerError) ?? error.errors[0];
			return false;
		}
	}

	readonly #askForState: AskForState = async (lane) => {
		if (!this.#mayAskForState) return '';
		try {
			return String(await lane.send('CLUSTER', ['INFO']));
		} catch (error) {
			if (error instanceof ServerError && error.kind === 'denied') this.#mayAskForState = false;
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

/** Resolves with what `CLUSTER INFO` says, or with nothing. */
type AskForState = (lane: Lane) => Promise<string>;

type Answer = {
	readonly map: ClusterMap;
	/** True if the node says that its cluster is down: it may be cut off, and not know who has taken the place of whom. */
	readonly isDoubtful: boolean;
};

/** The first answer that is not doubtful; if there is none, any. Rejects if no node tells. */
async function askAll(lanes: readonly Lane[], askForState: AskForState): Promise<Answer> {
	const answers = lanes.map((lane) => askForMap(lane, askForState));
	try {
		return await Promise.any(answers.map(rejectDoubtful));
	} catch {
		return Promise.any(answers);
	}
}

async function rejectDoubtful(answer: Promise<Answer>): Promise<Answer> {
	if ((await answer).isDoubtful) throw new NotConnectedError('The cluster is down');
	return answer;
}

/** Rejects if the node does not tell, or knows no master. */
async function askForMap(lane: Lane, askForState: AskForState): Promise<Answer> {
	const [reply, state] = await Promise.all([lane.send('CLUSTER', ['SLOTS']), askForState(lane)]);
	const map = parseClusterSlots(reply, lane.node ?? '');
	if (map.masters.length === 0)
		throw new NotConnectedError(`No node of the cluster that ${lane.node} belongs to has slots: assign them`);
	return {map, isDoubtful: state.includes('cluster_state:fail')};
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
