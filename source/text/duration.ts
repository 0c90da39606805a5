import {noData, threeDigits} from './number.js';

/*
 * Durations as people write and read them. Three formats, one for each use:
 *
 * - `formatDuration`: a setting or a span, exact: `250 ms`, `1.5 s`, `2 h`
 * - `formatLatency`: a measurement, three significant digits: `0.12 ms`, `1.24 s`
 * - `formatElapsed`: an age or a remaining time that ticks: `4m 12s`
 */

const millisecondsPer = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000} as const;

type Unit = keyof typeof millisecondsPer;

const pattern = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>ms|s|m|h|d)?$/;

/**
 * Parses a duration: a number with one of the units `ms`, `s`, `m`, `h`, `d`, or, unless a unit is
 * required, a bare number of milliseconds.
 *
 * Callers check bounds and report errors, since these differ by place.
 *
 * @param text `'500'`, `'250ms'`, `'1.5s'`, `'5m'`, `'2h'`, `'1d'`; spaces around it and before the unit are ignored.
 * @param unit Default `optional`.
 * @returns Milliseconds, not rounded; `undefined` if the text is not a duration, or negative.
 */
export function parseDuration(text: string, unit: 'optional' | 'required' = 'optional'): number | undefined {
	const parts = pattern.exec(text.trim())?.groups;
	if (parts === undefined || (unit === 'required' && parts.unit === undefined)) return undefined;
	return Number(parts.amount) * millisecondsPer[(parts.unit ?? 'ms') as Unit];
}

/**
 * Formats a duration with at most two decimals, in the largest unit in which it is at least 2: `200 ms`, `1.5 s`,
 * `90 s`, `2 min`, `2 h`, `2 d`.
 *
 * @param ms Milliseconds, 0 or more.
 */
export function formatDuration(ms: number): string {
	if (ms < 1000) return `${atMostTwoDecimals(ms)} ms`;
	if (ms < 2 * millisecondsPer.m) return `${atMostTwoDecimals(ms / millisecondsPer.s)} s`;
	if (ms < 2 * millisecondsPer.h) return `${atMostTwoDecimals(ms / millisecondsPer.m)} min`;
	if (ms < 2 * millisecondsPer.d) return `${atMostTwoDecimals(ms / millisecondsPer.h)} h`;
	return `${atMostTwoDecimals(ms / millisecondsPer.d)} d`;
}

/**
 * Formats a measured duration with three significant digits: `12 µs`, `0.12 ms`, `1.24 ms`, `124 ms`, `1.24 s`. At most seven
 * characters below 1000 s, so that columns keep their width.
 *
 * @param ms Milliseconds; `undefined` and numbers that are not finite give `no data`.
 */
export function formatLatency(ms: number | undefined): string {
	if (ms === undefined || !Number.isFinite(ms)) return noData;
	if (ms < 0.0995) return `${Math.round(ms * 1000)} µs`;
	if (ms < 999.5) return `${threeDigits(ms)} ms`;
	return `${threeDigits(ms / 1000)} s`;
}

/**
 * Formats an age or a remaining time in its two largest units: `850 ms`, `12 s`, `4m 12s`, `2h 03m`, `3d 04h`. Rounds
 * down, as a clock does.
 *
 * @param ms Milliseconds; negative ones count as 0; `undefined` and numbers that are not finite give `no data`.
 */
export function formatElapsed(ms: number | undefined): string {
	if (ms === undefined || !Number.isFinite(ms)) return noData;
	if (ms < 0) return '0 s';
	if (ms < 1000) return `${Math.round(ms)} ms`;
	const seconds = Math.floor(ms / 1000);
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes}m ${twoPlaces(seconds % 60)}s`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return `${hours}h ${twoPlaces(minutes % 60)}m`;
	return `${Math.floor(hours / 24)}d ${twoPlaces(hours % 24)}h`;
}

/**
 * Formats an age like `formatElapsed`, but in whole seconds below one second as well, so that it ticks evenly: `0 s`.
 */
export function formatAge(ms: number | undefined): string {
	if (ms === undefined || !Number.isFinite(ms)) return noData;
	return ms < 1000 ? '0 s' : formatElapsed(ms);
}

function atMostTwoDecimals(value: number): string {
	return String(Math.round(value * 100) / 100);
}

function twoPlaces(value: number): string {
	return String(value).padStart(2, '0');
}
