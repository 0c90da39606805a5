import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {isWord} from '../arguments.js';
import type {Args} from '../command.js';
import {syntaxError} from '../command-error.js';
import {sample, sampleCountOf} from '../samples.js';
import {cursorOf, scanOptionsOf} from '../scan-options.js';
import {readHash} from '../typed.js';

export function hashRandom(client: Client, args: Args): Reply {
	if (args.length === 2) return readHash(client, args[1])?.fields.random()?.key ?? null;
	if (args.length > 4 || (args.length === 4 && !isWord(args[3], 'WITHVALUES'))) throw syntaxError;
	const withValues = args.length === 4;
	const count = sampleCountOf(args[2], withValues);
	const hash = readHash(client, args[1]);
	if (!hash) return [];
	const picked = sample(
		() => [...hash.fields],
		hash.size,
		() => hash.fields.random(),
		count,
	);
	if (!withValues) return picked.map(({key}) => key);
	const pairs = picked.map(({key, value}) => [key, value]);
	return client.resp === 3 ? pairs : pairs.flat();
}

export function hashScan(client: Client, args: Args): Reply {
	const cursor = cursorOf(args[2]);
	const hash = readHash(client, args[1]);
	if (!hash) return ['0', []];
	const {count, matches} = scanOptionsOf(args, 3, false);
	const found: string[] = [];
	const visit = ({key, value}: {key: string; value: string}) => {
		if (matches(key)) found.push(key, value);
	};
	if (hash.encoding === 'listpack') {
		for (const field of hash.fields) visit(field);
		return ['0', found];
	}
	return [String(hash.fields.scan(cursor, count, visit)), found];
}
