import {nullArray, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {max64} from '../../numbers/integer.js';
import {doubleOf, isWord, Options, rangeOf} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {makeList, shrunk, writeList} from '../typed.js';
import {popFrom, popMany, pushTo, type Side} from './lists.js';

function sideOf(word: string | undefined): Side {
	if (isWord(word, 'LEFT')) return 'left';
	if (isWord(word, 'RIGHT')) return 'right';
	throw syntaxError;
}

/** Parses a timeout. Returns milliseconds; 0 means none. */
export function timeoutOf(text: string | undefined): number {
	const seconds = doubleOf(text, new CommandError('ERR timeout is not a float or out of range'));
	const ms = Math.ceil(seconds * 1000);
	// Redis computes with 64-bit integers, which overflow to negative numbers.
	if (ms < 0 || ms >= 2 ** 63) throw new CommandError('ERR timeout is negative');
	return ms;
}

/**
 * Replies at once, or blocks the client until `serve` has a reply for one of the keys.
 *
 * @param timeoutMs Undefined if the command does not block.
 */
export function serveOrBlock(
	client: Client,
	type: 'list' | 'zset',
	keys: readonly string[],
	timeoutMs: number | undefined,
	serve: (key: string) => Reply | undefined,
): Reply | undefined {
	for (const key of keys) {
		const reply = serve(key);
		if (reply !== undefined) return reply;
	}
	if (timeoutMs === undefined || client.denyBlocking) return nullArray;
	client.server.blocked.block(client, {type, keys: [...new Set(keys)], timeoutMs, timedOut: nullArray, serve});
	return undefined;
}

function move(client: Client, from: string, to: string, pick: Side, put: Side): Reply | undefined {
	const source = writeList(client, from);
	if (!source) return undefined;
	// Checked before an element is removed: the destination may have the wrong type.
	const target = writeList(client, to);
	const item = popFrom(source, pick);
	if (target === source) {
		pushTo(source, put, item);
		client.db.changed(from);
		return item;
	}
	shrunk(client, from, source);
	pushTo(target ?? makeList(client, to), put, item);
	client.db.changed(to);
	return item;
}

function blockingMove(client: Client, from: string, to: string, pick: Side, put: Side, timeout: string | undefined) {
	const ms = timeoutOf(timeout);
	if (client.denyBlocking) return move(client, from, to, pick, put) ?? null;
	return serveOrBlock(client, 'list', [from], ms, () => move(client, from, to, pick, put));
}

function blockingPop(side: Side): Handler {
	return (client, args) => {
		const ms = timeoutOf(args.at(-1));
		return serveOrBlock(client, 'list', args.slice(1, -1), ms, (key) => {
			const list = writeList(client, key);
			if (!list) return undefined;
			const item = popFrom(list, side);
			shrunk(client, key, list);
			return [key, item];
		});
	};
}

type MultiPop<W> = {readonly keys: readonly string[]; readonly where: W; readonly count: number};

/** `numkeys key … <where> [COUNT count]` */
export function multiPopOf<W>(
	args: readonly string[],
	start: number,
	whereOf: (word: string | undefined) => W,
): MultiPop<W> {
	const keyCount = rangeOf(args[start], 1, max64, 'ERR numkeys should be greater than 0');
	const keys = args.slice(start + 1, start + 1 + keyCount);
	const where = whereOf(args[start + 1 + keyCount]);
	let count: number | undefined;
	const options = new Options(args, start + 2 + keyCount);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option !== 'COUNT' || count !== undefined) throw syntaxError;
		count = rangeOf(options.value(), 1, max64, 'ERR count should be greater than 0');
	}
	return {keys, where, count: count ?? 1};
}

function multiPop(client: Client, args: readonly string[], start: number, ms: number | undefined): Reply | undefined {
	const {keys, where: side, count} = multiPopOf(args, start, sideOf);
	return serveOrBlock(client, 'list', keys, ms, (key) => {
		const list = writeList(client, key);
		if (!list) return undefined;
		const items = popMany(list, side, count);
		shrunk(client, key, list);
		return [key, items];
	});
}

const moving = {categories: 'list', keys: [1, 2, 1], access: 'RW access delete, RW insert'} as const;

export const listMoveCommands: readonly Definition[] = [
	{
		name: 'rpoplpush',
		arity: 3,
		flags: 'write denyoom',
		...moving,
		run: (client, args) => move(client, args[1], args[2], 'right', 'left') ?? null,
	},
	{
		name: 'lmove',
		arity: 5,
		flags: 'write denyoom',
		...moving,
		run: (client, args) => move(client, args[1], args[2], sideOf(args[3]), sideOf(args[4])) ?? null,
	},
	{
		name: 'brpoplpush',
		arity: 4,
		flags: 'write denyoom noscript blocking',
		...moving,
		run: (client, args) => blockingMove(client, args[1], args[2], 'right', 'left', args[3]),
	},
	{
		name: 'blmove',
		arity: 6,
		flags: 'write denyoom noscript blocking',
		...moving,
		run: (client, args) => blockingMove(client, args[1], args[2], sideOf(args[3]), sideOf(args[4]), args[5]),
	},
	{
		name: 'blpop',
		arity: -3,
		flags: 'write noscript blocking',
		categories: 'list',
		keys: [1, -2, 1],
		access: 'RW access delete',
		run: blockingPop('left'),
	},
	{
		name: 'brpop',
		arity: -3,
		flags: 'write noscript blocking',
		categories: 'list',
		keys: [1, -2, 1],
		access: 'RW access delete',
		run: blockingPop('right'),
	},
	{
		name: 'lmpop',
		arity: -4,
		flags: 'write',
		categories: 'list',
		keys: {countAt: 1},
		access: 'RW access delete',
		run: (client, args: Args) => multiPop(client, args, 1, undefined),
	},
	{
		name: 'blmpop',
		arity: -5,
		flags: 'write blocking',
		categories: 'list',
		keys: {countAt: 2},
		access: 'RW access delete',
		run: (client, args: Args) => multiPop(client, args, 2, timeoutOf(args[1])),
	},
];
