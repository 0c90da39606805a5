import {map, type Reply, set, status} from '../../../../resp/reply.js';
import type {Command} from '../command.js';
import {areCounted, type Keys, keyPlaces} from '../key-places.js';

/**
 * Key specifications: the positions of a command's keys and its access to them, in the form of COMMAND INFO. They are derived
 * from the command's `keys` and `access`.
 */
export function keySpecs({keys, access, keyNotes}: Command): Reply[] {
	if (keys === undefined) return [];
	const parts = access.split(', ');
	return parts.map((part, index) => {
		const [begin, find] = partOf(keys, index, index === parts.length - 1);
		const notes = keyNotes === undefined ? [] : ['notes', keyNotes];
		const beginSearch = typed('index', ['index', begin]);
		return map([...notes, 'flags', flagSet(part), 'begin_search', beginSearch, 'find_keys', find]);
	});
}

/** The keys of a request, each with its access flags, as in the reply to COMMAND GETKEYSANDFLAGS. */
export function keysWithFlags({keys, access, accessOf}: Command, request: readonly string[]): Reply {
	const parts = (accessOf?.(request) ?? access).split(', ');
	return keyPlaces(keys, request).map((place, index) => [
		request[place] ?? '',
		flagSet(parts[Math.min(index, parts.length - 1)] ?? ''),
	]);
}

/** One part of a command's keys: a single key at the front, or, as the last part, all others. */
function partOf(keys: Keys, index: number, isLast: boolean): [begin: number, find: Reply] {
	if (areCounted(keys)) {
		if (isLast) return [keys.countAt, typed('keynum', ['keynumidx', 0, 'firstkey', 1, 'keystep', 1])];
		return [keys.target ?? 0, range(0, 1)];
	}
	const [first, last, step] = keys;
	const begin = first + index;
	if (!isLast) return [begin, range(0, step)];
	return [begin, range(last < 0 ? last : last - begin, step)];
}

/** @param last Counted from the first key, or, if negative, from the end of the request. */
function range(last: number, step: number): Reply {
	return typed('range', ['lastkey', last, 'keystep', step, 'limit', 0]);
}

function typed(type: string, spec: readonly Reply[]): Reply {
	return map(['type', type, 'spec', map(spec)]);
}

function flagSet(flags: string): Reply {
	return set(flags.split(' ').map(status));
}
