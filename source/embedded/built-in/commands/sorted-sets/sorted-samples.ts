import {formatDouble} from '../../../../resp/format-double.js';
import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {isWord} from '../arguments.js';
import type {Args} from '../command.js';
import {syntaxError} from '../command-error.js';
import {sample, sampleCountOf} from '../samples.js';
import {cursorOf, scanOptionsOf} from '../scan-options.js';
import {readSorted} from '../typed.js';
import {scoredReply} from './sorted-replies.js';

export function sortedRandom(client: Client, args: Args): Reply {
	if (args.length === 2) return readSorted(client, args[1])?.random()?.key ?? null;
	if (args.length > 4 || (args.length === 4 && !isWord(args[3], 'WITHSCORES'))) throw syntaxError;
	const withScores = args.length === 4;
	const count = sampleCountOf(args[2], withScores);
	const set = readSorted(client, args[1]);
	if (!set) return [];
	const picked = sample(
		() => set.slice(0, set.size),
		set.size,
		() => set.random(),
		count,
	);
	return scoredReply(client, picked, withScores);
}

export function sortedScan(client: Client, args: Args): Reply {
	const cursor = cursorOf(args[2]);
	const set = readSorted(client, args[1]);
	if (!set) return ['0', []];
	const {count, matches} = scanOptionsOf(args, 3, false);
	const found: string[] = [];
	if (set.encoding === 'listpack') {
		for (const {key, score} of set.slice(0, set.size)) if (matches(key)) found.push(key, listpackScore(score));
		return ['0', found];
	}
	const next = set.scan(cursor, count, ({key, score}) => {
		if (matches(key)) found.push(key, formatDouble(score));
	});
	return [String(next), found];
}

/** Formats a score as a listpack stores it: a whole number as an integer, any other as the text of a double. */
function listpackScore(score: number): string {
	return Number.isInteger(score) && Math.abs(score) < 2 ** 63 ? String(BigInt(score)) : formatDouble(score);
}
