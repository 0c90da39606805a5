import {map, ok, type Reply, verbatim} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {startupBytes} from '../../info/startup-bytes.js';
import {parseInteger} from '../../numbers/integer.js';
import type {Entry} from '../../store/entry.js';
import {ListValue} from '../../values/list-value.js';
import {integerOf, Options} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {container} from '../help.js';

const maxEmbedded = 44;
const sharedIntegers = 10_000;
const sharedCount = 2 ** 31 - 1;

function encodingOf({value, encoding}: Entry): string {
	if (typeof value === 'string') {
		if (encoding === 'raw') return 'raw';
		if (encoding === undefined && parseInteger(value) !== undefined) return 'int';
		return value.length <= maxEmbedded ? 'embstr' : 'raw';
	}
	return value instanceof ListValue ? 'quicklist' : value.encoding;
}

function referencesOf(entry: Entry): number {
	const number = encodingOf(entry) === 'int' ? Number(entry.value) : -1;
	return number >= 0 && number < sharedIntegers ? sharedCount : 1;
}

function about(describe: (client: Client, entry: Entry) => Reply): Handler {
	return (client, args) => {
		const entry = client.db.peek(args[2]);
		return entry ? describe(client, entry) : null;
	};
}

const noFrequency = new CommandError(
	'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
);

function usage(client: Client, args: Args): Reply {
	const options = new Options(args, 3);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option !== 'SAMPLES' || options.left === 0) throw syntaxError;
		if (integerOf(options.value()) < 0) throw syntaxError;
	}
	return client.db.raw(args[2])?.bytes ?? null;
}

function statistics({server}: Client): Reply {
	const keys = server.databases.reduce((sum, {size}) => sum + size, 0);
	const bytes = server.databases.reduce((sum, {bytes: own}) => sum + own, 0);
	return map([
		'peak.allocated',
		server.stats.peakMemory,
		'total.allocated',
		server.usedMemory,
		'startup.allocated',
		startupBytes,
		'keys.count',
		keys,
		'keys.bytes-per-key',
		keys === 0 ? 0 : Math.floor(bytes / keys),
		'dataset.bytes',
		bytes,
	]);
}

const key = {arity: 3, flags: 'readonly', categories: 'keyspace', keys: [2, 2, 1], access: 'RO'} as const;

export const introspectionCommands: readonly Definition[] = [
	container('object', '', 'keyspace', [
		{name: 'encoding', ...key, run: about((_, entry) => encodingOf(entry))},
		{name: 'refcount', ...key, run: about((_, entry) => referencesOf(entry))},
		{name: 'idletime', ...key, run: about(({server}, {usedAt}) => Math.floor((server.now - usedAt) / 1000))},
		{
			name: 'freq',
			...key,
			run: about(() => {
				throw noFrequency;
			}),
		},
	]),
	container('memory', '', '', [
		{name: 'usage', arity: -3, flags: 'readonly', keys: [2, 2, 1], access: 'RO', run: usage},
		{name: 'stats', arity: 2, flags: '', run: statistics},
		{name: 'purge', arity: 2, flags: '', run: () => ok},
		{name: 'doctor', arity: 2, flags: '', run: () => verbatim('The built-in server has no memory doctor.\n')},
	]),
];
