import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {type Scored, SortedSetValue} from '../../values/sorted-set-value.js';
import {numberOf, Options} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {readSorted} from '../typed.js';
import {lexRange, type Range, rankRange, scoreRange, select} from './sorted-ranges.js';
import {scoredReply} from './sorted-replies.js';

type By = 'rank' | 'score' | 'lex';

type RangeRequest = {
	readonly range: Range;
	readonly reverse: boolean;
	readonly withScores: boolean;
	readonly offset: number;
	/** Negative for no limit. */
	readonly limit: number;
};

type Fixed = {readonly by?: By; readonly reverse?: boolean; readonly store?: boolean};

/** Parses the options of ZRANGE from `start` on. Older commands have some of them fixed. */
function parse(args: readonly string[], min: string, max: string, start: number, fixed: Fixed): RangeRequest {
	let by = fixed.by;
	let reverse = fixed.reverse;
	let withScores = false;
	let offset = 0;
	let limit = -1;
	const options = new Options(args, start);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option === 'WITHSCORES' && !fixed.store) withScores = true;
		else if (option === 'LIMIT' && options.left >= 2) {
			offset = numberOf(options.value());
			limit = numberOf(options.value());
		} else if (option === 'REV' && fixed.reverse === undefined) reverse = true;
		else if (option === 'BYSCORE' && fixed.by === undefined) by = 'score';
		else if (option === 'BYLEX' && fixed.by === undefined) by = 'lex';
		else throw syntaxError;
	}
	if (limit !== -1 && (by ?? 'rank') === 'rank') {
		throw new CommandError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
	}
	if (withScores && by === 'lex') {
		throw new CommandError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
	}
	const [low, high] = reverse && by !== undefined && by !== 'rank' ? [max, min] : [min, max];
	const range =
		by === 'score' ? scoreRange(low, high) : by === 'lex' ? lexRange(low, high) : rankRange(low, high, reverse);
	return {range, reverse: reverse ?? false, withScores, offset, limit};
}

function find(set: SortedSetValue, request: RangeRequest): Scored[] {
	const {range, reverse, offset, limit} = request;
	const found = select(set, range);
	if (reverse) found.reverse();
	if (offset < 0) return [];
	return found.slice(offset, limit < 0 ? undefined : offset + limit);
}

function range(fixed: Fixed): Handler {
	return (client, args) => {
		const request = parse(args, args[2], args[3], 4, fixed);
		const set = readSorted(client, args[1]);
		return scoredReply(client, set ? find(set, request) : [], request.withScores);
	};
}

function store(client: Client, args: Args): Reply {
	const [, target, source, min, max] = args;
	const request = parse(args, min, max, 5, {store: true});
	const set = readSorted(client, source);
	return storeScored(client, target, set ? find(set, request) : []);
}

/** Replaces a key by a sorted set, or removes it if the set is empty. */
export function storeScored(
	client: Client,
	key: string,
	scored: readonly {readonly key: string; readonly score: number}[],
): number {
	const result = new SortedSetValue();
	for (const {key: member, score} of scored) result.set(member, score);
	if (result.size > 0) client.db.set(key, result);
	else if (!client.db.lookup(key) || !client.db.remove(key)) return 0;
	client.db.changed(key);
	return result.size;
}

const reading = {arity: -4, flags: 'readonly', categories: 'sortedset', keys: oneKey} as const;

export const sortedRangeCommands: readonly Definition[] = [
	{name: 'zrange', ...reading, run: range({})},
	{name: 'zrevrange', ...reading, run: range({by: 'rank', reverse: true})},
	{name: 'zrangebyscore', ...reading, run: range({by: 'score', reverse: false})},
	{name: 'zrevrangebyscore', ...reading, run: range({by: 'score', reverse: true})},
	{name: 'zrangebylex', ...reading, run: range({by: 'lex', reverse: false})},
	{name: 'zrevrangebylex', ...reading, run: range({by: 'lex', reverse: true})},
	{
		name: 'zrangestore',
		arity: -5,
		flags: 'write denyoom',
		categories: 'sortedset',
		keys: [1, 2, 1],
		access: 'OW update, RO access',
		run: store,
	},
];
