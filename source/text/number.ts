/** Shown if nothing was measured, since 0 would be a measured value. */
export const noData = 'no data';

function isKnown(value: number | undefined): value is number {
	return value !== undefined && Number.isFinite(value);
}

/** Formats a positive number below 1000 with three significant digits: `0.12`, `1.24`, `12.4`, `124`. */
export function threeDigits(value: number): string {
	if (value < 9.995) return value.toFixed(2);
	if (value < 99.95) return value.toFixed(1);
	return value.toFixed(0);
}

/** Formats a whole number with separators: `1,234,567`. `undefined` and numbers that are not finite give `no data`. */
export function formatCount(value: number | undefined): string {
	if (!isKnown(value)) return noData;
	return Math.round(value)
		.toString()
		.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Formats a number with its noun: `1 key`, `2 keys`, `1,234 entries`. */
export function formatCountOf(value: number, one: string, many = `${one}s`): string {
	return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Formats a number in at most five characters: `999`, `9,999`, `12.3k`, `123k`, `1.23M`. */
export function formatShortCount(value: number | undefined): string {
	if (!isKnown(value)) return noData;
	if (Math.abs(value) < 9999.5) return formatCount(value);
	for (const [unit, size] of [
		['k', 1e3],
		['M', 1e6],
		['G', 1e9],
	] as const) {
		const scaled = value / size;
		if (scaled < 999.5) return `${scaled < 99.95 ? scaled.toPrecision(3) : scaled.toFixed(0)}${unit}`;
	}
	return `${(value / 1e12).toPrecision(3)}T`;
}

/**
 * Formats a share as a percentage: `97.3 %`. Only exactly 1 is `100 %`, and only exactly 0 is `0 %`: an availability of 99.9999
 * % must not hide that there were failures.
 *
 * @param share From 0 to 1; `undefined` and numbers that are not finite give `no data`.
 * @param decimals Default 1.
 * @param zeros `keep` (default) shows trailing zeros, so that columns keep their width; `drop` shows `30 %` for `30.0 %`.
 */
export function formatPercent(share: number | undefined, decimals = 1, zeros: 'keep' | 'drop' = 'keep'): string {
	if (!isKnown(share)) return noData;
	if (share === 1) return '100 %';
	if (share === 0) return '0 %';
	const scale = 10 ** decimals;
	const shown = Math.min(100 - 1 / scale, Math.max(1 / scale, Math.round(share * 100 * scale) / scale));
	return `${zeros === 'keep' ? shown.toFixed(decimals) : Number(shown.toFixed(decimals))} %`;
}

/**
 * Formats a size in bytes: `512 B`, `1.5 KiB`, `64 MiB`. `undefined` and numbers that are not finite give `no data`.
 */
export function formatBytes(value: number | undefined): string {
	if (!isKnown(value)) return noData;
	if (value < 1024) return `${Math.round(value)} B`;
	let scaled = value;
	for (const unit of ['KiB', 'MiB', 'GiB', 'TiB']) {
		scaled /= 1024;
		if (scaled < 1023.5 || unit === 'TiB') {
			const digits = scaled < 9.95 ? 1 : 0;
			return `${scaled.toFixed(digits).replace(/\.0$/, '')} ${unit}`;
		}
	}
	return noData;
}
