import {homedir} from 'node:os';
import {resolve} from 'node:path';
import {closestMatch} from 'leven';
import {oneLine} from '../../engine/one-line.js';
import {parseTunnelUrl} from '../../engine/target/tunnel/tunnel-url.js';
import {parseDuration} from '../../text/duration.js';
import {UsageError} from './usage-error.js';

/** Name of a setting as written at its origin: `--read-only`, `readOnly in the configuration file …`. */
export type Label = string;

export function whole(value: unknown, label: Label, min: number, max: number): number {
	const text = String(value).trim();
	const number = Number(text);
	if (!/^[+-]?\d+$/.test(text) || number < min || number > max) {
		throw new UsageError(`${label} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`);
	}
	return number;
}

export function choice<T extends string>(value: unknown, label: Label, choices: readonly T[]): T {
	const found = choices.find((item) => item === value);
	if (found !== undefined) return found;
	// In a short value, three different letters are no typing mistake.
	const meant =
		typeof value === 'string'
			? closestMatch(value, choices, {maxDistance: Math.min(3, Math.floor(value.length / 2))})
			: undefined;
	const all = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
	throw new UsageError(
		`${label} must be ${all}, not ${JSON.stringify(value)}${meant ? `; did you mean ${meant}?` : ''}`,
	);
}

export function flag(value: unknown, label: Label): boolean {
	if (typeof value === 'boolean') return value;
	throw new UsageError(`${label} must be true or false, not ${JSON.stringify(value)}`);
}

export function name(value: unknown, label: Label): string {
	if (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)) return value;
	throw new UsageError(`${label} must be 1 to 64 letters, digits, '_', '-' or '.', not ${JSON.stringify(value)}`);
}

export function text(value: unknown, label: Label): string {
	if (typeof value === 'string' && value !== '') return value;
	throw new UsageError(`${label} must be a string that is not empty`);
}

export function redisUrl(value: unknown, label: Label): string {
	const url = text(value, label);
	try {
		parseTunnelUrl(url);
	} catch (error) {
		throw new UsageError(`${label}: ${oneLine(error)}`, {cause: error});
	}
	return url;
}

/** An absolute path. In the configuration file, paths are relative to that file, and `~/` stands for the home directory. */
export function path(value: unknown, label: Label, folder: string): string {
	const written = text(value, label);
	return resolve(folder, written.replace(/^~(?=\/)/, homedir()));
}

/** A deadline in milliseconds: `500`, `250ms`, `1s`. */
export function deadline(value: unknown, label: Label): number {
	const ms = parseDuration(String(value));
	if (ms !== undefined && ms >= 1 && ms <= 60_000) return ms;
	throw new UsageError(
		`${label} must be a time from 1ms to 60s, such as 500 (milliseconds) or 1s, not ${JSON.stringify(value)}`,
	);
}
