import type {Entry, ExpireResult, WriteResult} from '../../../cache/api/types.js';
import {formatDuration} from '../../../text/duration.js';
import {lifetimeWords} from '../../../text/lifetime.js';
import {valueLines} from './value-lines.js';

/** Where a change was stored, as the end of a line: `deleted 1 key in Redis`. */
export function placeWords({stored}: WriteResult): string {
	return stored === 'redis' ? 'in Redis' : 'in memory; the journal has it for Redis';
}

/** An entry with its age, as `get` prints it. */
export function entryLines(entry: Entry<unknown> | undefined): readonly string[] {
	if (!entry) return ['(miss)'];
	const age = `${formatDuration(entry.ageMs)} old`;
	const state = entry.stale ? 'stale' : `fresh ${lifetimeWords(entry.ttlMs)}`;
	return [...valueLines(entry.value), `from ${entry.source}, ${age}, ${state}`];
}

export function ttlLine(leftMs: number | undefined): string {
	return leftMs === undefined ? '(no such entry)' : `${formatDuration(leftMs)} left`;
}

/** @param done `changed` or `touched`. */
export function expireLine(done: string, result: ExpireResult): string {
	return result.applied ? `${done} ${placeWords(result)}` : '(no such entry)';
}
