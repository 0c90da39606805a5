import {NotConnectedError} from '../errors.js';
import type {Lane} from '../types.js';
import {type ClusterMap, parseClusterSlots} from './cluster-map.js';

/** Resolves with the reply to `CLUSTER INFO`, or with an empty string if the node does not give one. */
export type AskForState = (lane: Lane) => Promise<string>;

export type Answer = {
	readonly map: ClusterMap;
	/** True if the node says that its cluster is down: it may be partitioned from the others, and its map outdated. */
	readonly isDoubtful: boolean;
	/** Configuration epoch of the node's map; 0 if the node does not give one. */
	readonly epoch: number;
};

/** Resolves with the first answer that is not doubtful, else with any answer. Rejects if no node gives one. */
export async function askAll(lanes: readonly Lane[], askForState: AskForState): Promise<Answer> {
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

/** Rejects if the node does not reply with a map, or its map has no master. */
async function askForMap(lane: Lane, askForState: AskForState): Promise<Answer> {
	const [reply, state] = await Promise.all([lane.send('CLUSTER', ['SLOTS'], {isUpkeep: true}), askForState(lane)]);
	const map = parseClusterSlots(reply, lane.node ?? '');
	if (map.masters.length === 0)
		throw new NotConnectedError(`No node of the cluster that ${lane.node} belongs to has slots: assign them`);
	return {map, isDoubtful: isDoubtful(state), epoch: epochOf(state)};
}

/** True if a node says that its cluster is down. */
export function isDoubtful(state: string): boolean {
	return state.includes('cluster_state:fail');
}

/** Configuration epoch in a reply to `CLUSTER INFO`; 0 if there is none. */
export function epochOf(state: string): number {
	return Number(/cluster_current_epoch:(\d+)/.exec(state)?.[1] ?? 0);
}
