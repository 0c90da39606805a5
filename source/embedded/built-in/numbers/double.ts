const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const hexadecimal = /^([+-]?)0x([0-9a-f]+)$/i;
const infinity = /^([+-]?)inf(inity)?$/i;

/** Parses a double like strtod. Undefined for anything else, including NaN. */
export function parseDouble(text: string): number | undefined {
	if (decimal.test(text)) return Number(text);
	const endless = infinity.exec(text);
	if (endless) return endless[1] === '-' ? -Infinity : Infinity;
	const hex = hexadecimal.exec(text);
	if (hex) return (hex[1] === '-' ? -1 : 1) * Number(`0x${hex[2]}`);
	return undefined;
}
