import leven from 'leven';
import {InvalidArgumentError} from '../../pool/errors.js';

/** Names that an object of options may have. */
export type OptionNames = ReadonlySet<string>;

export function optionNames(...names: readonly string[]): OptionNames {
	return new Set(names);
}

/**
 * A name that is misspelt would be an option that is silently not in force.
 *
 * @param of Whose options they are, for the message: `set`, or `ttl` for those of `options.ttl`.
 * @throws {InvalidArgumentError} not an object, or with a name that means nothing here; the nearest one is suggested.
 */
export function checkNames(options: object, of: string, known: OptionNames): void {
	if (typeof options !== 'object' || options === null || Array.isArray(options))
		throw new InvalidArgumentError(
			`the options of ${of} must be an object, not ${kindOf(options)}${hint(options, known)}`,
		);
	for (const name in options) if (!known.has(name)) throw unknown(name, of, known);
}

function unknown(name: string, of: string, known: OptionNames): InvalidArgumentError {
	const [nearest] = [...known]
		.map((candidate) => ({candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase())}))
		.sort((a, b) => a.distance - b.distance);
	const said =
		nearest !== undefined && nearest.distance <= Math.max(1, name.length / 3)
			? `did you mean ${nearest.candidate}?`
			: `there are ${[...known].join(', ')}`;
	return new InvalidArgumentError(`${of} has no option ${JSON.stringify(name.slice(0, 64))}: ${said}`);
}

/** What somebody meant who gave one thing in place of options, as other libraries have it. */
function hint(given: unknown, known: OptionNames): string {
	if (typeof given === 'string' && known.has('url')) return ': give a URL as {url}';
	return (typeof given === 'string' || typeof given === 'number') && known.has('ttl') ? ': give a TTL as {ttl}' : '';
}

function kindOf(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
