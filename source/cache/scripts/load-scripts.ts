import {clusterSlot} from '../../pool/cluster-slot.js';
import {OverloadError, ServerError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';
import {allScripts} from './all-scripts.js';

/** A deadline that is over: the script does nothing. */
const past = '0';

/** Hash tags that are tried until each master has one: enough for a hundred masters. Others load each script at its first use. */
const maxTags = 500;

/**
 * Loads all scripts into Redis, so that none has to be sent a second time as text: a later write of the same key would
 * overtake it in the meantime. Rejects if Redis fails; a node of a cluster that fails loads each script at its first use.
 *
 * @param prefix Of the keys of the cache, which this user may use.
 */
export async function loadScripts({lanes, topology}: Pool, prefix: string): Promise<void> {
	const [lane] = lanes;
	if (lane === undefined) return;
	if (topology === 'cluster') {
		await loadIntoNodes(lane, prefix);
		return;
	}
	try {
		await Promise.all(allScripts.map(({text}) => lane.send('SCRIPT', ['LOAD', text])));
	} catch (error) {
		// This user may not do it, or the lane takes few commands at a time: each script is loaded at its first use, too.
		if (error instanceof OverloadError || (error instanceof ServerError && error.kind !== 'unavailable')) return;
		throw error;
	}
}

/** A command without a key goes to any node, so each script is run for a key of each node, too late to do anything. */
async function loadIntoNodes(lane: Lane, prefix: string): Promise<void> {
	const slots = await lane.send('CLUSTER', ['SLOTS']).catch(() => undefined);
	const loads = keysOfNodes(slots, prefix).flatMap((key) =>
		allScripts.map(({text}) => lane.send('EVAL', [text, '1', key, past])),
	);
	await Promise.allSettled(loads);
}

/** @returns A key for each master in the reply to `CLUSTER SLOTS`. None if it is of another shape. */
export function keysOfNodes(slots: unknown, prefix: string): readonly string[] {
	if (!Array.isArray(slots)) return [];
	const masters: string[] = [];
	for (const range of slots as unknown[]) {
		if (!Array.isArray(range) || !Array.isArray(range[2])) return [];
		const [from, to, [host, port]] = range as [number, number, [unknown, unknown]];
		for (let slot = from; slot <= to; slot++) masters[slot] = `${String(host)}:${String(port)}`;
	}
	const keys = new Map<string, string>();
	for (let tag = 0; tag < maxTags; tag++) {
		const key = `${prefix}:!{${tag}}`;
		const master = masters[clusterSlot(key)];
		if (master !== undefined && !keys.has(master)) keys.set(master, key);
	}
	return [...keys.values()];
}
