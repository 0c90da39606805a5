import {map, ok, type Reply, verbatim} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {microseconds} from '../../clock.js';
import {infoText} from '../../info/info.js';
import type {Database} from '../../store/database.js';
import {integerOf, isWord} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {container} from '../help.js';
import {timeoutOf} from '../lists/list-moves.js';
import {debug} from './debug.js';

function time(): Reply {
	const now = microseconds();
	return [String(Math.floor(now / 1_000_000)), String(now % 1_000_000)];
}

function flush(databases: (client: Client) => readonly Database[]) {
	return (client: Client, args: Args): Reply => {
		if (args.length > 2 || (args.length === 2 && !isWord(args[1], 'SYNC') && !isWord(args[1], 'ASYNC')))
			throw syntaxError;
		client.server.emptyDatabases(databases(client));
		return ok;
	};
}

function setConfig(client: Client, args: Args): Reply {
	if (args.length % 2 === 1) throw syntaxError;
	const pairs: [string, string][] = [];
	for (let place = 2; place < args.length; place += 2) pairs.push([args[place] ?? '', args[place + 1] ?? '']);
	client.server.config.set(pairs);
	client.server.makeRoom();
	return ok;
}

/** Returns at once: there are no replicas to wait for. */
function wait(_: Client, args: Args): Reply {
	integerOf(args[1]);
	integerOf(args[2], new CommandError('ERR timeout is not an integer or out of range'));
	if (timeoutOf(args[2]) < 0) throw new CommandError('ERR timeout is negative');
	return 0;
}

function shutDown(client: Client, args: Args): Reply | undefined {
	const options = new Set(['NOSAVE', 'SAVE', 'NOW', 'FORCE']);
	for (const option of args.slice(1)) if (!options.has(option.toUpperCase())) throw syntaxError;
	client.server.shutDown();
	return undefined;
}

const adminLate = 'admin noscript loading stale';

export const serverCommands: readonly Definition[] = [
	{
		name: 'info',
		arity: -1,
		flags: 'loading stale',
		categories: 'dangerous',
		run: ({server}, args) => verbatim(infoText(server, args.slice(1))),
	},
	{name: 'time', arity: 1, flags: 'loading stale fast', run: time},
	{name: 'flushdb', arity: -1, flags: 'write', categories: 'keyspace dangerous', run: flush(({db}) => [db])},
	{
		name: 'flushall',
		arity: -1,
		flags: 'write',
		categories: 'keyspace dangerous',
		run: flush(({server}) => server.databases),
	},
	{
		name: 'lastsave',
		arity: 1,
		flags: 'loading stale fast',
		categories: 'admin dangerous',
		run: ({server}) => Math.floor(server.startedAt / 1000),
	},
	{
		name: 'role',
		arity: 1,
		flags: 'noscript loading stale fast',
		categories: 'admin dangerous',
		run: () => ['master', 0, []],
	},
	{name: 'wait', arity: 3, flags: 'noscript', categories: 'connection', run: wait},
	{
		name: 'shutdown',
		arity: -1,
		flags: 'admin noscript loading stale no_multi allow_busy',
		run: shutDown,
	},
	{name: 'debug', arity: -2, flags: adminLate, run: debug},
	container('config', '', '', [
		{name: 'get', arity: -3, flags: adminLate, run: ({server}, args) => map(server.config.get(args.slice(2)))},
		{name: 'set', arity: -4, flags: adminLate, run: setConfig},
		{
			name: 'resetstat',
			arity: 2,
			flags: adminLate,
			run({server}) {
				server.stats.reset();
				for (const command of server.commands.values()) {
					for (const {stats} of [command, ...(command.subcommands?.values() ?? [])]) {
						Object.assign(stats, {calls: 0, microseconds: 0, rejected: 0, failed: 0});
					}
				}
				return ok;
			},
		},
		{
			name: 'rewrite',
			arity: 2,
			flags: adminLate,
			run() {
				throw new CommandError('ERR The server is running without a config file');
			},
		},
	]),
];
