import {InvalidArgumentError} from '../pool/errors.js';

function kindOf(value: unknown): string {
	return value === null ? 'null' : typeof value;
}

/** @throws {InvalidArgumentError} not an array. What is in it is checked one by one. */
export function checkKeys(keys: unknown): void {
	if (!Array.isArray(keys)) throw new InvalidArgumentError(`keys must be an array of strings, not ${kindOf(keys)}`);
}

/** @throws {InvalidArgumentError} nothing that can be gone through, or something in it is no pair. */
export function checkEntries(entries: Iterable<readonly [key: string, value: unknown]>): [string, unknown][] {
	if (typeof entries !== 'object' || entries === null || !(Symbol.iterator in entries))
		throw new InvalidArgumentError(`entries must be pairs of key and value, as in a Map, not ${kindOf(entries)}`);
	return Array.from(entries, (entry: unknown) => {
		if (!Array.isArray(entry))
			throw new InvalidArgumentError(`entries must be pairs of key and value: one of them is ${kindOf(entry)}`);
		return [entry[0], entry[1]];
	});
}

/** @throws {InvalidArgumentError} not a function. */
export function checkFunction(value: unknown, what: string): void {
	if (typeof value !== 'function') throw new InvalidArgumentError(`${what} must be a function, not ${kindOf(value)}`);
}
