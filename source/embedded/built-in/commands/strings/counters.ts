import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {addIntegers, type Integer} from '../../numbers/integer.js';
import {addLongDoubles, fitsLongDouble, formatLongDouble, parseLongDouble} from '../../numbers/long-double.js';
import {integerOf} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, notFloat} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {stringOf} from '../typed.js';

const infinity = /^[+-]?inf(inity)?$/i;
const overflow = new CommandError('ERR increment or decrement would overflow');

function add(client: Client, key: string, amount: Integer): Reply {
	const entry = client.db.write(key);
	const sum = addIntegers(integerOf(stringOf(entry) ?? '0'), amount);
	if (sum === undefined) throw overflow;
	const value = String(sum);
	if (entry) {
		entry.value = value;
		entry.encoding = undefined;
	} else client.db.add(key, value);
	client.db.changed(key);
	return sum;
}

function subtract(client: Client, args: Args): Reply {
	const amount = integerOf(args[2]);
	if (BigInt(amount) === -(2n ** 63n)) throw new CommandError('ERR decrement would overflow');
	return add(client, args[1], typeof amount === 'number' ? -amount : -amount);
}

function addFloat(client: Client, args: Args): Reply {
	const [, key, text] = args;
	const entry = client.db.write(key);
	const value = sumOfFloats(stringOf(entry) ?? '0', text);
	const changed = entry ?? client.db.add(key, value);
	changed.value = value;
	changed.encoding = 'embstr';
	client.db.changed(key);
	return value;
}

export function sumOfFloats(old: string, more: string, error: CommandError = notFloat): string {
	const value = parseLongDouble(old);
	if (!value && !infinity.test(old)) throw error;
	const amount = parseLongDouble(more);
	if (!amount && !infinity.test(more)) throw notFloat;
	const sum = value && amount && addLongDoubles(value, amount);
	if (!sum || !fitsLongDouble(sum)) throw new CommandError('ERR increment would produce NaN or Infinity');
	return formatLongDouble(sum);
}

const counter = {flags: 'write denyoom fast', categories: 'string', keys: oneKey, access: 'RW access update'} as const;

export const counterCommands: readonly Definition[] = [
	{name: 'incr', arity: 2, ...counter, run: (client, args) => add(client, args[1], 1)},
	{name: 'decr', arity: 2, ...counter, run: (client, args) => add(client, args[1], -1)},
	{name: 'incrby', arity: 3, ...counter, run: (client, args) => add(client, args[1], integerOf(args[2]))},
	{name: 'decrby', arity: 3, ...counter, run: subtract},
	{name: 'incrbyfloat', arity: 3, ...counter, run: addFloat},
];
