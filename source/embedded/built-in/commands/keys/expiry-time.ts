import type {Integer} from '../../numbers/integer.js';
import {integerOf} from '../arguments.js';
import {CommandError} from '../command-error.js';

export type ExpiryUnit = {readonly ms: 1 | 1000; readonly absolute: boolean};

export const expiryUnits: Readonly<Record<string, ExpiryUnit>> = {
	EX: {ms: 1000, absolute: false},
	PX: {ms: 1, absolute: false},
	EXAT: {ms: 1000, absolute: true},
	PXAT: {ms: 1, absolute: true},
};

const max64 = 2n ** 63n - 1n;

/** Parses the expiry of SET, GETEX and SETEX, which must be positive. Returns Unix time in milliseconds. */
export function expiryOf(text: string, unit: ExpiryUnit, now: number, command: string): number {
	const value = integerOf(text);
	if (value <= 0) throw invalidExpiry(command);
	return inMilliseconds(value, unit, now, command);
}

/** Converts an expiry to Unix time in milliseconds. Throws if it does not fit into 64 bits. */
export function inMilliseconds(value: Integer, unit: ExpiryUnit, now: number, command: string): number {
	const at = BigInt(value) * BigInt(unit.ms) + (unit.absolute ? 0n : BigInt(now));
	const scaled = BigInt(value) * BigInt(unit.ms);
	if (scaled > max64 || scaled < -max64 - 1n || at > max64) throw invalidExpiry(command);
	return Number(at);
}

function invalidExpiry(command: string): CommandError {
	return new CommandError(`ERR invalid expire time in '${command}' command`);
}
