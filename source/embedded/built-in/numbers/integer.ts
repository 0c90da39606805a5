/** A signed 64-bit integer: a `number` if that is exact, else a `bigint`. */
export type Integer = number | bigint;

const min64 = -(2n ** 63n);
export const max64 = 2n ** 63n - 1n;
const strict = /^(0|-?[1-9]\d*)$/;

/** Parses a signed 64-bit integer as strictly as Redis: no spaces, no plus, no leading zeros. */
export function parseInteger(text: string): Integer | undefined {
	const {length} = text;
	if (length === 0 || length > 20) return undefined;
	if (length < 10) {
		// Fast path: nearly all integers are short.
		let at = 0;
		let value = 0;
		const negative = text.charCodeAt(0) === 45;
		if (negative) at = 1;
		const first = text.charCodeAt(at);
		if (first === 48) return length === 1 ? 0 : undefined;
		for (; at < length; at++) {
			const digit = text.charCodeAt(at) - 48;
			if (digit < 0 || digit > 9) return undefined;
			value = value * 10 + digit;
		}
		if (value === 0) return undefined;
		return negative ? -value : value;
	}
	if (!strict.test(text)) return undefined;
	return narrowest(BigInt(text));
}

/** Adds two integers. Undefined if the sum does not fit into 64 bits. */
export function addIntegers(a: Integer, b: Integer): Integer | undefined {
	if (typeof a === 'number' && typeof b === 'number') {
		const sum = a + b;
		if (Number.isSafeInteger(sum)) return sum;
	}
	return narrowest(BigInt(a) + BigInt(b));
}

/** Converts to the narrowest `Integer`. Undefined if the value does not fit into 64 bits. */
function narrowest(value: bigint): Integer | undefined {
	if (value < min64 || value > max64) return undefined;
	const narrow = Number(value);
	return Number.isSafeInteger(narrow) ? narrow : value;
}

/** True if Redis would store the string as an integer. */
export function isIntegerText(text: string): boolean {
	return parseInteger(text) !== undefined;
}
