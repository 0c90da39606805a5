import {error, ok, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {parseDouble} from '../../numbers/double.js';
import {maxLength} from '../../values/max-length.js';
import {isWord, numberOf} from '../arguments.js';
import type {Args} from '../command.js';
import {CommandError, tooLong, wrongSubcommand} from '../command-error.js';

const maxPopulation = 10_000_000;

/** The subcommands of DEBUG that are useful in experiments. */
export function debug(client: Client, args: Args): Reply {
	const [, name, value] = args;
	if (isWord(name, 'SLEEP') && args.length === 3) return sleep(parseDouble(value) ?? 0);
	if (isWord(name, 'SET-ACTIVE-EXPIRE') && args.length === 3) {
		client.server.activeExpiry = numberOf(value) !== 0;
		return ok;
	}
	if (isWord(name, 'ERROR') && args.length === 3) return error(value);
	if (isWord(name, 'POPULATE') && args.length >= 3 && args.length <= 5) return populate(client, args);
	throw wrongSubcommand(args);
}

/** Blocks the whole server, as in Redis. */
function sleep(seconds: number): Reply {
	if (seconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
	return ok;
}

function populate(client: Client, args: Args): Reply {
	const count = numberOf(args[2]);
	if (count < 0 || count > maxPopulation) throw new CommandError('ERR value is out of range');
	const prefix = args.length > 3 ? args[3] : 'key';
	const size = args.length > 4 ? numberOf(args[4]) : 0;
	if (size > maxLength) throw tooLong;
	for (let index = 0; index < count; index++) {
		const key = `${prefix}:${index}`;
		if (client.db.lookup(key)) continue;
		const value = `value:${index}`;
		client.db.add(key, size > 0 ? value.slice(0, size).padEnd(size, '\0') : value);
		client.db.changed(key);
	}
	return ok;
}
