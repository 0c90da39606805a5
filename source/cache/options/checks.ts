/** Checks of arguments and options, for callers without TypeScript: a mistake is a typed error that names the argument. */
import leven from 'leven';
import {InvalidArgumentError} from '../../pool/errors.js';

/** Names that an options object may have. */
export type OptionNames = ReadonlySet<string>;

export function optionNames(...names: readonly string[]): OptionNames {
	return new Set(names);
}

/**
 * Rejects unknown options: a misspelled one would silently have no effect.
 *
 * @param owner The call or option that the options belong to, for the message: `set`, or `ttl` for the fields of `options.ttl`.
 * @throws {InvalidArgumentError} not an object, or an option that does not exist; the most similar name is suggested.
 */
export function checkNames(options: object, owner: string, known: OptionNames): void {
	if (typeof options !== 'object' || options === null || Array.isArray(options))
		throw new InvalidArgumentError(
			`the options of ${owner} must be an object, not ${kindOfOptions(options)}${hint(options, known)}`,
		);
	// Own properties only: Object.prototype may have enumerable properties.
	for (const name of Object.keys(options)) if (!known.has(name)) throw unknownOption(name, owner, known);
}

/**
 * @returns The items. An array is returned unchanged: its items are checked one by one where they are used.
 * @throws {InvalidArgumentError} not an array or another iterable of strings.
 */
export function listOf(items: Iterable<string>, what: string): readonly string[] {
	if (Array.isArray(items)) return items;
	if (isIterable(items)) return [...items];
	throw new InvalidArgumentError(`${what} must be an array or another iterable of strings, not ${kindOf(items)}`);
}

/** @throws {InvalidArgumentError} not iterable, or an item is not a pair. */
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

/** @throws {InvalidArgumentError} not from 0 to 1. */
export function checkShare(value: number, name: string): number {
	if (typeof value === 'number' && value >= 0 && value <= 1) return value;
	throw new InvalidArgumentError(`${name} must be a number from 0 to 1, not ${String(value)}`);
}

/** @throws {InvalidArgumentError} not an AbortSignal or `undefined`. */
export function checkSignal(signal: unknown): void {
	// No `instanceof`: a test runner may have several AbortSignal classes in one process.
	if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.throwIfAborted !== 'function')
		throw new InvalidArgumentError(`signal must be an AbortSignal, not ${kindOf(signal)}`);
}

function unknownOption(name: string, owner: string, known: OptionNames): InvalidArgumentError {
	const [nearest] = [...known]
		.map((candidate) => ({candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase())}))
		.sort((a, b) => a.distance - b.distance);
	const advice =
		nearest !== undefined && nearest.distance <= Math.max(1, name.length / 3)
			? `did you mean ${nearest.candidate}?`
			: `there are ${[...known].join(', ')}`;
	return new InvalidArgumentError(`${owner} has no option ${JSON.stringify(name.slice(0, 64))}: ${advice}`);
}

/** Advice for callers used to libraries that take a URL or a TTL in place of options. */
function hint(given: unknown, known: OptionNames): string {
	if (typeof given === 'string' && known.has('url')) return ': give a URL as {url}';
	return (typeof given === 'string' || typeof given === 'number') && known.has('ttl') ? ': give a TTL as {ttl}' : '';
}

function kindOf(value: unknown): string {
	return value === null ? 'null' : typeof value;
}

function kindOfOptions(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** Strings are excluded: a single key must not be taken for a list of characters. */
function isIterable(value: unknown): value is Iterable<unknown> {
	return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
