import {double, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import type {Scored, SortedSetValue} from '../../values/sorted-set-value.js';
import {isWord, positiveOf} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {syntaxError} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {multiPopOf, serveOrBlock, timeoutOf} from '../lists/list-moves.js';
import {shrunk, writeSorted} from '../typed.js';
import {pairsReply, scoredReply} from './sorted-replies.js';

type End = 'min' | 'max';

function take(set: SortedSetValue, end: End, count: number): Scored[] {
	if (end === 'min') return set.removeRange(0, Math.min(count, set.size));
	return set.removeRange(Math.max(0, set.size - count), set.size).reverse();
}

function pop(end: End): Handler {
	return (client, args) => {
		if (args.length > 3) throw syntaxError;
		const [, key] = args;
		const count = args.length === 3 ? positiveOf(args[2]) : undefined;
		const set = writeSorted(client, key);
		if (!set || count === 0) return [];
		const found = take(set, end, count ?? 1);
		shrunk(client, key, set);
		if (count !== undefined) return scoredReply(client, found, true);
		return found.flatMap(({key: member, score}) => [member, double(score)]);
	};
}

function blockingPop(end: End): Handler {
	return (client, args) => {
		const ms = timeoutOf(args.at(-1));
		return serveOrBlock(client, 'zset', args.slice(1, -1), ms, (key) => {
			const set = writeSorted(client, key);
			if (!set) return undefined;
			const [found] = take(set, end, 1);
			shrunk(client, key, set);
			return found && [key, found.key, double(found.score)];
		});
	};
}

function endOf(word: string | undefined): End {
	if (isWord(word, 'MIN')) return 'min';
	if (isWord(word, 'MAX')) return 'max';
	throw syntaxError;
}

function multiPop(client: Client, args: readonly string[], start: number, ms: number | undefined): Reply | undefined {
	const {keys, where: end, count} = multiPopOf(args, start, endOf);
	return serveOrBlock(client, 'zset', keys, ms, (key) => {
		const set = writeSorted(client, key);
		if (!set) return undefined;
		const found = take(set, end, count);
		shrunk(client, key, set);
		return [key, pairsReply(found)];
	});
}

const popping = {
	arity: -2,
	flags: 'write fast',
	categories: 'sortedset',
	keys: oneKey,
	access: 'RW access delete',
} as const;
const blocking = {
	arity: -3,
	flags: 'write noscript blocking fast',
	categories: 'sortedset',
	keys: [1, -2, 1],
	access: 'RW access delete',
} as const;

export const sortedPopCommands: readonly Definition[] = [
	{name: 'zpopmin', ...popping, run: pop('min')},
	{name: 'zpopmax', ...popping, run: pop('max')},
	{name: 'bzpopmin', ...blocking, run: blockingPop('min')},
	{name: 'bzpopmax', ...blocking, run: blockingPop('max')},
	{
		name: 'zmpop',
		arity: -4,
		flags: 'write',
		categories: 'sortedset',
		keys: {countAt: 1},
		access: 'RW access delete',
		run: (client, args: Args) => multiPop(client, args, 1, undefined),
	},
	{
		name: 'bzmpop',
		arity: -5,
		flags: 'write blocking',
		categories: 'sortedset',
		keys: {countAt: 2},
		access: 'RW access delete',
		run: (client, args: Args) => multiPop(client, args, 2, timeoutOf(args[1])),
	},
];
