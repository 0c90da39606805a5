import {InvalidArgumentError} from '../../../pool/errors.js';

/**
 * Checks the values that a loader of many keys has returned.
 *
 * @throws {InvalidArgumentError} neither a Map nor pairs of key and value.
 */
export function checkLoaded(returned: unknown): ReadonlyMap<string, unknown> {
	if (returned instanceof Map) return returned;
	const isIterable = typeof returned === 'object' && returned !== null && Symbol.iterator in returned;
	if (!isIterable) throw wrong(returned === null ? 'null' : typeof returned);
	const values = new Map<string, unknown>();
	for (const pair of returned as Iterable<unknown>) {
		if (!Array.isArray(pair)) throw wrong(`a list with ${pair === null ? 'null' : typeof pair}`);
		values.set(pair[0], pair[1]);
	}
	return values;
}

function wrong(what: string): InvalidArgumentError {
	return new InvalidArgumentError(
		`the loader of getOrSetMany must return a Map, or pairs of key and value, not ${what}: for values in the order of keys, return keys.map((key, index) => [key, values[index]])`,
	);
}
