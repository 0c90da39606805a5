import {InvalidArgumentError} from '../../pool/errors.js';

function kindOf(value: unknown): string {
	return value === null ? 'null' : typeof value;
}

/** A text can be gone through, too, but one key is not a list of its letters. */
function isIterable(value: unknown): value is Iterable<unknown> {
	return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/**
 * @returns What is in it. The array itself if it is one: what is in it is checked one by one, by those who use it.
 * @throws {InvalidArgumentError} no list of texts.
 */
export function listOf(items: Iterable<string>, what: string): readonly string[] {
	if (Array.isArray(items)) return items;
	if (isIterable(items)) return [...items];
	throw new InvalidArgumentError(`${what} must be an array or another iterable of strings, not ${kindOf(items)}`);
}

/** @throws {InvalidArgumentError} nothing that can be gone through, or something in it is no pair. */
export function checkEntries(entries: Iterable<readonly [key: string, value: unknown]>): [string, unknown][] {
	if (!isIterable(entries))
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

/** @throws {InvalidArgumentError} not `true`, `false` or `undefined`. */
export function checkFlag(value: unknown, name: string): void {
	if (value !== undefined && typeof value !== 'boolean')
		throw new InvalidArgumentError(`${name} must be true or false, not ${kindOf(value)}`);
}

/** @throws {InvalidArgumentError} not a string or `undefined`. */
export function checkText(value: unknown, name: string): void {
	if (value !== undefined && typeof value !== 'string')
		throw new InvalidArgumentError(`${name} must be a string, not ${kindOf(value)}`);
}

/** @throws {InvalidArgumentError} nothing that can abort. */
export function checkSignal(signal: unknown): void {
	// Not by its class: there may be several of it in a process, as in test runners.
	if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.throwIfAborted !== 'function')
		throw new InvalidArgumentError(`signal must be an AbortSignal, not ${kindOf(signal)}`);
}
