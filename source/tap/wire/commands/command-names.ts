import type {CommandSpec} from './command-spec.js';
import {knownCommands, specOf} from './command-table.js';

/** Most bytes that are read of the name of a command. No name is that long. */
export const maxCommandBytes = 32;

const slots = 1024;

const hashOf = (hash: number, byte: number): number => (hash * 31 + (byte & 0xdf)) | 0;

const table: CommandSpec[][] = Array.from({length: slots}, () => []);
for (const spec of knownCommands) {
	let hash = 0;
	for (let index = 0; index < spec.name.length; index++) hash = hashOf(hash, spec.name.charCodeAt(index));
	table[hash & (slots - 1)]?.push(spec);
}

/** True if the bytes are this name, ignoring case. */
function isNamed(name: string, chunk: Buffer, from: number): boolean {
	for (let index = 0; index < name.length; index++) {
		const byte = chunk[from + index] ?? 0;
		const upper = byte >= 97 && byte <= 122 ? byte - 32 : byte;
		if (upper !== name.charCodeAt(index)) return false;
	}
	return true;
}

/**
 * Finds the command that a part of a chunk names. Allocates no string for a command of the table, since it runs for every
 * command.
 */
export function findCommand(chunk: Buffer, from: number, to: number): CommandSpec {
	const length = to - from;
	if (length <= maxCommandBytes) {
		let hash = 0;
		for (let at = from; at < to; at++) hash = hashOf(hash, chunk[at] ?? 0);
		for (const spec of table[hash & (slots - 1)] ?? []) {
			if (spec.name.length === length && isNamed(spec.name, chunk, from)) return spec;
		}
	}
	return specOf(chunk.toString('latin1', from, Math.min(to, from + maxCommandBytes + 1)).toUpperCase());
}

/** Finds a command by its name, one character for each byte. */
export function findNamed(name: string): CommandSpec {
	const bytes = Buffer.from(name.slice(0, maxCommandBytes + 1), 'latin1');
	return findCommand(bytes, 0, bytes.length);
}
