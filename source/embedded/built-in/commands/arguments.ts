import {parseDouble} from '../numbers/double.js';
import {type Integer, parseInteger} from '../numbers/integer.js';
import {CommandError, notFloat, notInteger, syntaxError} from './command-error.js';

/** Parses a 64-bit integer. */
export function integerOf(text: string | undefined, error: CommandError = notInteger): Integer {
	const value = parseInteger(text ?? '');
	if (value === undefined) throw error;
	return value;
}

/** Parses a 64-bit integer. Large values need not be exact. */
export function numberOf(text: string | undefined, error: CommandError = notInteger): number {
	return Number(integerOf(text, error));
}

export function doubleOf(text: string | undefined, error: CommandError = notFloat): number {
	const value = parseDouble(text ?? '');
	if (value === undefined) throw error;
	return value;
}

/** Parses an integer from `min` to `max`. */
export function rangeOf(text: string | undefined, min: Integer, max: Integer, message?: string): number {
	const value = integerOf(text, message === undefined ? notInteger : new CommandError(message));
	if (value < min || value > max) {
		throw new CommandError(message ?? `ERR value is out of range, value must between ${min} and ${max}`);
	}
	return Number(value);
}

/** Parses an integer of at least 0. */
export function positiveOf(text: string | undefined, message = 'ERR value is out of range, must be positive'): number {
	const value = parseInteger(text ?? '');
	if (value === undefined || value < 0) throw new CommandError(message);
	return Number(value);
}

/** True if an argument is the given uppercase word, in any case. */
export function isWord(text: string | undefined, word: string): boolean {
	return text !== undefined && text.length === word.length && text.toUpperCase() === word;
}

/** Iterates over the options of a command. */
export class Options {
	#place: number;

	constructor(
		readonly args: readonly string[],
		start: number,
		readonly end = args.length,
	) {
		this.#place = start;
	}

	get left(): number {
		return this.end - this.#place;
	}

	get place(): number {
		return this.#place;
	}

	/** The next option in uppercase; undefined at the end. */
	next(): string | undefined {
		return this.left > 0 ? this.args[this.#place++]?.toUpperCase() : undefined;
	}

	/** The value of the current option. Throws a syntax error if there is none. */
	value(): string {
		const value = this.left > 0 ? this.args[this.#place++] : undefined;
		if (value === undefined) throw syntaxError;
		return value;
	}
}
