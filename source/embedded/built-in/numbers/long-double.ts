import {parseHexadecimal} from './double.js';

/**
 * INCRBYFLOAT computes with the x87 long double: a 64-bit mantissa. `value = mantissa × 2^exponent`, exact in bigint,
 * so that the digits are those of a real server.
 */
type LongDouble = {readonly mantissa: bigint; readonly exponent: number};

const mantissaBits = 64;
/** Number of integer bits of the largest value. */
const maxBits = 16_384;
const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;
const maxTextLength = 5120;

/** Parses a decimal or hexadecimal number. Undefined for other text, and for numbers that a long double cannot represent. */
export function parseLongDouble(text: string): LongDouble | undefined {
	const value = text.length > maxTextLength ? undefined : parse(text);
	return value && fitsLongDouble(value) ? value : undefined;
}

export function fitsLongDouble({mantissa, exponent}: LongDouble): boolean {
	return mantissa === 0n || bits(mantissa < 0n ? -mantissa : mantissa) + exponent <= maxBits;
}

function parse(text: string): LongDouble | undefined {
	const hexadecimal = parseHexadecimal(text);
	if (hexadecimal) {
		const {mantissa, exponent} = round(hexadecimal.digits, 1n);
		return {mantissa, exponent: exponent + hexadecimal.power};
	}
	const [match, sign, whole = '', fraction = '', power = '0'] = decimal.exec(text) ?? [];
	if (match === undefined || whole + fraction === '') return undefined;
	const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
	const scale = Number(power) - fraction.length;
	return scale >= 0 ? round(digits * 10n ** BigInt(scale), 1n) : round(digits, 10n ** BigInt(-scale));
}

export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble {
	const exponent = Math.min(a.exponent, b.exponent);
	const sum = (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent));
	const {mantissa, exponent: shift} = round(sum, 1n);
	return {mantissa, exponent: exponent + shift};
}

/** Formats a long double like C's `%.17Lf`, without trailing zeros. */
export function formatLongDouble(value: LongDouble): string {
	const {mantissa, exponent} = value;
	const scaled = (mantissa < 0n ? -mantissa : mantissa) * 10n ** 17n;
	const digits = exponent >= 0 ? scaled << BigInt(exponent) : divideToEven(scaled, 1n << BigInt(-exponent));
	const text = digits.toString().padStart(18, '0');
	const fraction = text.slice(-17).replace(/0+$/, '');
	const plain = fraction === '' ? text.slice(0, -17) : `${text.slice(0, -17)}.${fraction}`;
	return mantissa < 0n && plain !== '0' ? `-${plain}` : plain;
}

/** The long double that is nearest to a fraction, ties to even. */
function round(numerator: bigint, denominator: bigint): LongDouble {
	if (numerator === 0n) return {mantissa: 0n, exponent: 0};
	const size = numerator < 0n ? -numerator : numerator;
	let exponent = bits(size) - bits(denominator) - mantissaBits;
	let mantissa = scaledQuotient(size, denominator, exponent);
	if (bits(mantissa) > mantissaBits) {
		exponent++;
		mantissa = scaledQuotient(size, denominator, exponent);
	}
	return {mantissa: numerator < 0n ? -mantissa : mantissa, exponent};
}

function scaledQuotient(size: bigint, denominator: bigint, exponent: number): bigint {
	return exponent >= 0
		? divideToEven(size, denominator << BigInt(exponent))
		: divideToEven(size << BigInt(-exponent), denominator);
}

function divideToEven(numerator: bigint, denominator: bigint): bigint {
	const quotient = numerator / denominator;
	const twice = (numerator % denominator) * 2n;
	return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

function bits(value: bigint): number {
	return value.toString(2).length;
}
