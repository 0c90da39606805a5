/** Shown where nothing was measured: a 0 would claim a measurement. */
export const noData = 'no data';

const isKnown = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

/** Three significant digits: `0.12`, `1.24`, `12.4`, `124`. */
function threeDigits(value: number): string {
	if (value < 9.995) return value.toFixed(2);
	if (value < 99.95) return value.toFixed(1);
	return value.toFixed(0);
}

/** A measured duration with three digits: `12 µs`, `0.12 ms`, `1.24 ms`, `124 ms`, `1.24 s`. */
export function latency(ms: number | undefined): string {
	if (!isKnown(ms)) return noData;
	if (ms < 0.0995) return `${Math.round(ms * 1000)} µs`;
	if (ms < 999.5) return `${threeDigits(ms)} ms`;
	return `${threeDigits(ms / 1000)} s`;
}

/** A span of time: `850 ms`, `12 s`, `4m 12s`, `2h 03m`, `3d 04h`. */
export function duration(ms: number | undefined): string {
	if (!isKnown(ms)) return noData;
	if (ms < 0) return '0 s';
	if (ms < 1000) return `${Math.round(ms)} ms`;
	const seconds = Math.floor(ms / 1000);
	const two = (value: number) => String(value).padStart(2, '0');
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return `${hours}h ${two(minutes % 60)}m`;
	return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** A span of time in whole seconds, for ages that tick on the screen. */
export function age(ms: number | undefined): string {
	return isKnown(ms) ? duration(Math.max(0, Math.floor(ms / 1000) * 1000 || 0)).replace(/^0 ms$/, '0 s') : noData;
}

/** `1,234,567` */
export function count(value: number | undefined): string {
	if (!isKnown(value)) return noData;
	return Math.round(value)
		.toString()
		.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** A count in at most five characters: `999`, `9,999`, `12.3k`, `123k`, `1.23M`. */
export function shortCount(value: number | undefined): string {
	if (!isKnown(value)) return noData;
	if (Math.abs(value) < 9999.5) return count(value);
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

/** A round number of an axis: `500`, `2.5k`, `10k`, `1M`. */
export function tickOf(value: number): string {
	if (value >= 1e6) return `${value / 1e6}M`;
	return value >= 1000 ? `${value / 1000}k` : String(value);
}

/** A share of 0 to 1: `97.3 %`. Only 1 is `100 %`, only 0 is `0 %`. */
export function percent(ratio: number | undefined, digits = 1): string {
	if (!isKnown(ratio)) return noData;
	if (ratio === 1) return '100 %';
	if (ratio === 0) return '0 %';
	const scale = 10 ** digits;
	const shown = Math.min(100 - 1 / scale, Math.max(1 / scale, Math.round(ratio * 100 * scale) / scale));
	return `${shown.toFixed(digits)} %`;
}

/** `512 B`, `1.5 KiB`, `64 MiB` */
export function bytes(value: number | undefined): string {
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

/** Local time of day: `14:03:59` */
export function clock(at: number): string {
	const date = new Date(at);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Local time of day with milliseconds: `14:03:59.120` */
export function clockMs(at: number): string {
	return `${clock(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}
