/** As C's `%.17g` prints it, which is how Redis 7.0 sends doubles. */
export function formatDouble(value: number): string {
	if (Number.isInteger(value) && Math.abs(value) < 1e15) return Object.is(value, -0) ? '-0' : String(value);
	if (!Number.isFinite(value)) {
		if (Number.isNaN(value)) return 'nan';
		return value > 0 ? 'inf' : '-inf';
	}
	const [digits = '', exponentText = '0'] = value.toExponential(16).split('e');
	const exponent = Number(exponentText);
	if (exponent >= -4 && exponent < 17) return trimZeros(value.toFixed(Math.max(0, 16 - exponent)));
	const size = Math.abs(exponent);
	return `${trimZeros(digits)}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
}

function trimZeros(text: string): string {
	return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const hexadecimal = /^([+-]?)0x([0-9a-f]+)$/i;
const infinity = /^([+-]?)inf(inity)?$/i;

/** As strtod reads a whole word; undefined for anything else, NaN included. */
export function parseDouble(text: string): number | undefined {
	if (decimal.test(text)) return Number(text);
	const endless = infinity.exec(text);
	if (endless) return endless[1] === '-' ? -Infinity : Infinity;
	const hex = hexadecimal.exec(text);
	if (hex) return (hex[1] === '-' ? -1 : 1) * Number(`0x${hex[2]}`);
	return undefined;
}
