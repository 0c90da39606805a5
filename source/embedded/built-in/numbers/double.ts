const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const hexadecimal = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d{1,5}))?$/i;
const infinity = /^([+-]?)inf(inity)?$/i;

/** Parses a double like strtod. Undefined for other text, for NaN, and for numbers that a double cannot represent. */
export function parseDouble(text: string): number | undefined {
	const value = strtod(text);
	if (value === undefined || infinity.test(text)) return value;
	const isTooLarge = !Number.isFinite(value);
	const isTooSmall = value === 0 && /[1-9a-f]/i.test(text.replace(/0x/i, '').replace(/(p|e(?=[+-]?\d*$)).*$/i, ''));
	return isTooLarge || isTooSmall ? undefined : value;
}

/**
 * Parses a bound of a range by score. Redis uses strtod without further checks: blanks may precede it, it ends at a NUL, an
 * empty one is zero, and one that is too large is infinite.
 */
export function parseBound(text: string): number | undefined {
	const [number = ''] = text.replace(/^[ \t\n\v\f\r]+/, '').split('\0', 1);
	return number === '' ? (text === '' || text.startsWith('\0') ? 0 : undefined) : strtod(number);
}

function strtod(text: string): number | undefined {
	if (decimal.test(text)) return Number(text);
	const endless = infinity.exec(text);
	if (endless) return endless[1] === '-' ? -Infinity : Infinity;
	const hex = parseHexadecimal(text);
	return hex && Number(hex.digits) * 2 ** hex.power;
}

/** Parses C's `0x1.8p3` as digits × 2^power. */
export function parseHexadecimal(text: string): {readonly digits: bigint; readonly power: number} | undefined {
	const [match, sign, whole = '', fraction = '', power = '0'] = hexadecimal.exec(text) ?? [];
	if (match === undefined || whole + fraction === '') return undefined;
	const digits = BigInt(`0x${whole}${fraction}`);
	return {digits: sign === '-' ? -digits : digits, power: Number(power) - fraction.length * 4};
}
