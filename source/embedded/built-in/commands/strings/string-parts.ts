import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {maxLength} from '../../values/max-length.js';
import {integerOf} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, tooLong} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {readString, stringOf} from '../typed.js';

function append(client: Client, args: Args): Reply {
	const [, key, more] = args;
	const entry = client.db.write(key);
	const old = stringOf(entry);
	if (entry === undefined || old === undefined) {
		client.db.add(key, more);
		client.db.changed(key);
		return more.length;
	}
	if (old.length + more.length > maxLength) throw tooLong;
	entry.value = old + more;
	entry.encoding = 'raw';
	client.db.changed(key);
	return entry.value.length;
}

function length(client: Client, args: Args): Reply {
	return readString(client, args[1])?.length ?? 0;
}

function getRange(client: Client, args: Args): Reply {
	let start = Number(integerOf(args[2]));
	let end = Number(integerOf(args[3]));
	const value = readString(client, args[1]) ?? '';
	if (start < 0 && end < 0 && start > end) return '';
	if (start < 0) start = Math.max(0, value.length + start);
	if (end < 0) end = Math.max(0, value.length + end);
	return value.slice(start, end + 1);
}

function setRange(client: Client, args: Args): Reply {
	const [, key, , part] = args;
	const offset = Number(integerOf(args[2]));
	if (offset < 0) throw new CommandError('ERR offset is out of range');
	const entry = client.db.write(key);
	const old = stringOf(entry);
	if (part === '') return old?.length ?? 0;
	if (offset + part.length > maxLength) throw tooLong;
	const before = (old ?? '').slice(0, offset).padEnd(offset, '\0');
	const value = before + part + (old ?? '').slice(offset + part.length);
	const changed = entry ?? client.db.add(key, value);
	changed.value = value;
	changed.encoding = 'raw';
	client.db.changed(key);
	return value.length;
}

const string = {categories: 'string', keys: oneKey} as const;

export const stringPartCommands: readonly Definition[] = [
	{name: 'append', arity: 3, flags: 'write denyoom fast', ...string, access: 'RW insert', run: append},
	{name: 'strlen', arity: 2, flags: 'readonly fast', ...string, access: 'RO', run: length},
	{name: 'getrange', arity: 4, flags: 'readonly', ...string, run: getRange},
	{name: 'substr', arity: 4, flags: 'readonly', ...string, run: getRange},
	{name: 'setrange', arity: 4, flags: 'write denyoom', ...string, access: 'RW update', run: setRange},
];
