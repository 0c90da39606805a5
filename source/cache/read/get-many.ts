import type {ReadOptions} from '../api/call-types.js';
import type {Namespace} from '../keys/namespace.js';
import {checkReadOptions} from '../options/call-options.js';
import {raceWithSignal} from '../support/race-with-signal.js';
import {get, type ReadParts} from './get.js';

/**
 * Reads many values, each like `get`, in several batches with separate deadlines. @returns The values found, in the order of
 * `keys`.
 */
export async function getMany(
	parts: ReadParts,
	namespace: Namespace,
	keys: readonly string[],
	options: ReadOptions | undefined,
): Promise<Map<string, unknown>> {
	if (options !== undefined) checkReadOptions(options, 'getMany');
	const {signal, strict, stale} = options ?? {};
	signal?.throwIfAborted();
	const eachOptions: ReadOptions | undefined =
		strict === undefined && stale === undefined ? undefined : {strict, stale};
	const found = new Map<string, unknown>();
	for (let from = 0; from < keys.length; ) {
		const part = keys.slice(from, from + parts.batcher.maxReads);
		from += part.length;
		const reading = Promise.all(part.map((key) => get(parts, namespace, key, eachOptions)));
		const values = await (signal === undefined ? reading : raceWithSignal(reading, signal));
		for (const [index, key] of part.entries()) {
			const value = values[index];
			if (value !== undefined) found.set(key, value);
		}
	}
	return found;
}
