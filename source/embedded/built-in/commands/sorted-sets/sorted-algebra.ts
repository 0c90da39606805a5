import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {parseDouble} from '../../numbers/double.js';
import {SetValue} from '../../values/set-value.js';
import {type Scored, SortedSetValue} from '../../values/sorted-set-value.js';
import {isWord, numberOf, Options, positiveOf} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError, syntaxError, wrongType} from '../command-error.js';
import {storeScored} from './sorted-range-commands.js';
import {scoredReply} from './sorted-replies.js';

type Operation = 'union' | 'inter' | 'diff';
type Aggregate = 'SUM' | 'MIN' | 'MAX';
/** Scores by member. All scores of a plain set are 1. */
type Input = ReadonlyMap<string, number>;
type Request = {
	readonly inputs: readonly Input[];
	readonly weights: readonly number[];
	readonly aggregate: Aggregate;
	readonly withScores: boolean;
};

/** Parses `numkeys key … [WEIGHTS …] [AGGREGATE …] [WITHSCORES]` from `start` on. */
function parse(
	client: Client,
	args: readonly string[],
	start: number,
	operation: Operation,
	storing: boolean,
): Request {
	const count = keyCountOf(args, start);
	const inputs = args.slice(start + 1, start + 1 + count).map((key) => inputOf(client, key));
	let weights = inputs.map(() => 1);
	let aggregate: Aggregate = 'SUM';
	let withScores = false;
	const options = new Options(args, start + 1 + count);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option === 'WEIGHTS' && operation !== 'diff' && options.left >= count) {
			weights = weights.map(() => weightOf(options.value()));
		} else if (option === 'AGGREGATE' && operation !== 'diff' && options.left >= 1) {
			aggregate = aggregateOf(options.value());
		} else if (option === 'WITHSCORES' && !storing) withScores = true;
		else throw syntaxError;
	}
	return {inputs, weights, aggregate, withScores};
}

function keyCountOf(args: readonly string[], place: number): number {
	const count = numberOf(args[place]);
	if (count < 1) throw new CommandError(`ERR at least 1 input key is needed for '${args[0]?.toLowerCase()}' command`);
	if (count > args.length - place - 1) throw syntaxError;
	return count;
}

function weightOf(text: string): number {
	const weight = parseDouble(text);
	if (weight === undefined) throw new CommandError('ERR weight value is not a float');
	return weight;
}

function aggregateOf(word: string): Aggregate {
	for (const aggregate of ['SUM', 'MIN', 'MAX'] as const) if (isWord(word, aggregate)) return aggregate;
	throw syntaxError;
}

function inputOf(client: Client, key: string): Input {
	const value = client.db.read(key)?.value;
	if (value === undefined) return new Map();
	if (value instanceof SortedSetValue) return new Map(value.slice(0, value.size).map((node) => [node.key, node.score]));
	if (value instanceof SetValue) return new Map(value.members().map((member) => [member, 1]));
	throw wrongType;
}

function compute(request: Request, operation: Operation): Scored[] {
	const {inputs, weights, aggregate} = request;
	const scores = new Map<string, number>();
	const [first, ...others] = inputs;
	if (operation === 'union') {
		inputs.forEach((input, index) => {
			for (const [member, score] of input) {
				const weighted = product(score, weights[index] ?? 1);
				const known = scores.get(member);
				scores.set(member, known === undefined ? weighted : join(known, weighted, aggregate));
			}
		});
	} else {
		for (const [member, score] of first ?? []) {
			if (operation === 'diff') {
				if (!others.some((other) => other.has(member))) scores.set(member, score);
			} else if (others.every((other) => other.has(member))) {
				let total = product(score, weights[0] ?? 1);
				others.forEach((other, index) => {
					total = join(total, product(other.get(member) ?? 0, weights[index + 1] ?? 1), aggregate);
				});
				scores.set(member, total);
			}
		}
	}
	const result = new SortedSetValue();
	for (const [member, score] of scores) result.set(member, score);
	return result.slice(0, result.size);
}

/** Zero instead of NaN, the result of infinity times zero and infinity minus infinity. */
function product(score: number, weight: number): number {
	const value = score * weight;
	return Number.isNaN(value) ? 0 : value;
}

function join(a: number, b: number, aggregate: Aggregate): number {
	if (aggregate === 'MIN') return Math.min(a, b);
	if (aggregate === 'MAX') return Math.max(a, b);
	const sum = a + b;
	return Number.isNaN(sum) ? 0 : sum;
}

function combine(operation: Operation): Handler {
	return (client, args) => {
		const request = parse(client, args, 1, operation, false);
		return scoredReply(client, compute(request, operation), request.withScores);
	};
}

function combineInto(operation: Operation): Handler {
	return (client, args) => storeScored(client, args[1], compute(parse(client, args, 2, operation, true), operation));
}

function intersectionSize(client: Client, args: Args): Reply {
	const count = keyCountOf(args, 1);
	// As in Redis, a key of another type is reported before a wrong option.
	const [first, ...others] = args.slice(2, 2 + count).map((key) => inputOf(client, key));
	let limit = 0;
	const options = new Options(args, 2 + count);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option !== 'LIMIT' || options.left === 0) throw syntaxError;
		limit = positiveOf(options.value(), "ERR LIMIT can't be negative");
	}
	const size = [...(first?.keys() ?? [])].filter((member) => others.every((other) => other.has(member))).length;
	return limit === 0 ? size : Math.min(size, limit);
}

const reading = {arity: -3, flags: 'readonly', categories: 'sortedset', keys: {countAt: 1}} as const;
const storing = {
	arity: -4,
	flags: 'write denyoom',
	categories: 'sortedset',
	keys: {countAt: 2, target: 1},
	access: 'OW update, RO access',
} as const;

export const sortedAlgebraCommands: readonly Definition[] = [
	{name: 'zunion', ...reading, run: combine('union')},
	{name: 'zinter', ...reading, run: combine('inter')},
	{name: 'zdiff', ...reading, run: combine('diff')},
	{name: 'zunionstore', ...storing, run: combineInto('union')},
	{name: 'zinterstore', ...storing, run: combineInto('inter')},
	{name: 'zdiffstore', ...storing, run: combineInto('diff')},
	{name: 'zintercard', ...reading, run: intersectionSize},
];
