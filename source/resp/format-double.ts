/** Formats a double as C's `%.17g` does, which is how Redis 7.0 sends it. */
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
