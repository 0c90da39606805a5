import {type Reply, set as setReply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {max64} from '../../numbers/integer.js';
import {SetValue} from '../../values/set-value.js';
import {Options, positiveOf, rangeOf} from '../arguments.js';
import type {Args, Handler} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {readSet} from '../typed.js';

type Operation = 'inter' | 'union' | 'diff';

/** Runs SINTER, SUNION or SDIFF. */
export function combine(operation: Operation): Handler {
	return (client, args) => setReply(SetValue.of(compute(client, args.slice(1), operation)).members());
}

/** Runs SINTERSTORE, SUNIONSTORE or SDIFFSTORE. An empty result removes the key. */
export function combineInto(operation: Operation): Handler {
	return (client, args) => {
		const [, key] = args;
		const result = SetValue.of(compute(client, args.slice(2), operation));
		if (result.size > 0) client.db.set(key, result);
		else if (!client.db.lookup(key) || !client.db.remove(key)) return 0;
		client.db.changed(key);
		return result.size;
	};
}

export function intersectionSize(client: Client, args: Args): Reply {
	const count = rangeOf(args[1], 1, max64, 'ERR numkeys should be greater than 0');
	if (count > args.length - 2) throw new CommandError("ERR Number of keys can't be greater than number of args");
	let limit = 0;
	const options = new Options(args, 2 + count);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option !== 'LIMIT') throw syntaxError;
		limit = positiveOf(options.value(), "ERR LIMIT can't be negative");
	}
	const size = compute(client, args.slice(2, 2 + count), 'inter').length;
	return limit === 0 ? size : Math.min(size, limit);
}

function compute(client: Client, keys: readonly string[], operation: Operation): string[] {
	// Every key is read, so that a wrong type is an error wherever it occurs.
	const sets = keys.map((key) => readSet(client, key));
	const [first, ...others] = sets;
	if (operation === 'union') return [...new Set(sets.flatMap((set) => set?.members() ?? []))];
	const members = first?.members() ?? [];
	return operation === 'diff'
		? members.filter((member) => !others.some((other) => other?.has(member)))
		: members.filter((member) => others.every((other) => other?.has(member) ?? false));
}
