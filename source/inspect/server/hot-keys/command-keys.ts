import {familyOf} from '../activity/command-families.js';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Commands whose arguments are all keys. */
const manyKeys = words('mget del unlink exists touch sdiff sinter sunion pfcount rename renamenx rpoplpush');

/** Commands with alternating keys and values. */
const pairs = words('mset msetnx');

/** Commands whose first argument is a subcommand, a number of keys or an operation, and whose second is the key. */
const secondIsKey = words('object xinfo xgroup bitop sintercard zunion zinter zdiff zintercard lmpop zmpop');

/** Commands that read or write, but have no key. */
const keyless = words('scan keys randomkey dbsize publish spublish flushall flushdb');

/** Commands whose keys follow the word STREAMS. */
const streams = words('xread xreadgroup');

/**
 * The keys among the arguments of a command. None for scripts, since MONITOR also reports the commands that they call. For a
 * command that merges several keys, only the first.
 */
export function keysOfCommand([name = '', ...args]: readonly string[]): readonly string[] {
	const command = name.toLowerCase();
	const family = familyOf(command);
	if (family === 'administration' || family === 'scripts' || keyless.has(command)) return [];
	if (manyKeys.has(command)) return args;
	if (pairs.has(command)) return args.filter((_, index) => index % 2 === 0);
	if (streams.has(command)) {
		const rest = args.slice(args.findIndex((word) => word.toLowerCase() === 'streams') + 1);
		return rest.slice(0, Math.floor(rest.length / 2));
	}
	return args.slice(secondIsKey.has(command) ? 1 : 0).slice(0, 1);
}
