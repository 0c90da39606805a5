import {formatDuration, parseDuration} from './duration.js';

/** The remaining time of a key: `for 4 min`, or `without TTL` if it does not expire. */
export function lifetimeWords(ttlMs: number | undefined): string {
	return ttlMs === undefined ? 'without TTL' : `for ${formatDuration(Math.max(0, ttlMs))}`;
}

/** The longest lifetime that is accepted: a hundred years. A longer one is probably a mistake. */
const longestMs = 100 * 365 * 86_400_000;

const part = /\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)/g;

/**
 * Parses a lifetime that a person has typed: numbers with units (`1h30m`), or a bare number, which means seconds as in EXPIRE.
 * If it meant milliseconds, `60` would make the key expire at once.
 *
 * @returns Whole milliseconds, at least 1; `undefined` if the text is not a lifetime, or longer than a hundred years.
 */
export function parseLifetime(text: string): number | undefined {
	const trimmed = text.trim();
	if (/^\d+(?:\.\d+)?$/.test(trimmed)) return bounded(Number(trimmed) * 1000);
	const parts = trimmed.match(part) ?? [];
	if (parts.length === 0 || trimmed.replaceAll(part, '').trim() !== '') return undefined;
	return bounded(parts.reduce((sum, each) => sum + (parseDuration(each, 'required') ?? Number.NaN), 0));
}

function bounded(ms: number): number | undefined {
	return ms >= 0 && ms <= longestMs ? Math.max(1, Math.ceil(ms)) : undefined;
}

const units = [
	['d', 86_400_000],
	['h', 3_600_000],
	['m', 60_000],
	['s', 1000],
] as const;

/** Formats a lifetime so that `parseLifetime` can read it, in whole seconds: `1h30m`, `1d2s`. At least `1s`. */
export function typedLifetime(ms: number): string {
	let left = Math.max(1000, Math.round(ms / 1000) * 1000);
	let text = '';
	for (const [unit, size] of units) {
		const amount = Math.floor(left / size);
		left -= amount * size;
		if (amount > 0) text += `${amount}${unit}`;
	}
	return text;
}
