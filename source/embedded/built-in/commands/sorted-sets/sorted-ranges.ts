import {parseBound} from '../../numbers/double.js';
import type {Scored, SortedSetValue} from '../../values/sorted-set-value.js';
import {integerOf} from '../arguments.js';
import {CommandError} from '../command-error.js';

/** Positions in a sorted set, from `start` up to but not including `end`. */
type Places = {readonly start: number; readonly end: number};

export type Range = (set: SortedSetValue) => Places;

const badScore = new CommandError('ERR min or max is not a float');
const badLex = new CommandError('ERR min or max not valid string range item');

export function rankRange(from: string, to: string, reverse = false): Range {
	const first = Number(integerOf(from));
	const last = Number(integerOf(to));
	return ({size}) => {
		const start = first < 0 ? Math.max(0, size + first) : first;
		const end = Math.min(last < 0 ? size + last : last, size - 1);
		if (start > end || start >= size) return {start: 0, end: 0};
		return reverse ? {start: size - 1 - end, end: size - start} : {start, end: end + 1};
	};
}

/** Parses a bound by score. `(1.5` excludes the bound itself. */
export function scoreRange(min: string, max: string): Range {
	const low = boundOf(min);
	const high = boundOf(max);
	return (set) => ({
		start: set.partition(({score}) => (low.exclusive ? score <= low.score : score < low.score)),
		end: set.partition(({score}) => (high.exclusive ? score < high.score : score <= high.score)),
	});
}

function boundOf(text: string): {score: number; exclusive: boolean} {
	const exclusive = text.startsWith('(');
	const score = parseBound(exclusive ? text.slice(1) : text);
	if (score === undefined) throw badScore;
	return {score, exclusive};
}

/** Parses a bound by member: `[a`, `(a`, `-`, `+`. It makes sense only if all scores are equal. */
export function lexRange(min: string, max: string): Range {
	const [low, high] = [lexBoundOf(min), lexBoundOf(max)];
	return (set) => ({start: set.partition((node) => low(node, true)), end: set.partition((node) => high(node, false))});
}

/** True if a member lies before the bound, which is the lower or the upper end of a range. */
function lexBoundOf(text: string): (node: Scored, asLower: boolean) => boolean {
	if (text === '-') return () => false;
	if (text === '+') return () => true;
	const name = text.slice(1);
	if (text.startsWith('[')) return ({key}, asLower) => (asLower ? key < name : key <= name);
	if (text.startsWith('(')) return ({key}, asLower) => (asLower ? key <= name : key < name);
	throw badLex;
}

export function select(set: SortedSetValue, range: Range): Scored[] {
	const {start, end} = range(set);
	return set.slice(start, end);
}

export function count(set: SortedSetValue, range: Range): number {
	const {start, end} = range(set);
	return Math.max(0, end - start);
}
