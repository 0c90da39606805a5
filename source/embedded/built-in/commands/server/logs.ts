import {ok, type Reply, verbatim} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {max64} from '../../numbers/integer.js';
import {rangeOf} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {wrongSubcommand} from '../command-error.js';
import {container} from '../help.js';

function slowEntries({server}: Client, args: Args): Reply {
	if (args.length > 3) throw wrongSubcommand(args);
	const {entries} = server.slowLog;
	const message = 'ERR count should be greater than or equal to -1';
	const count = args.length === 3 ? rangeOf(args[2], -1, max64, message) : 10;
	return entries
		.slice(0, count === -1 ? undefined : count)
		.map(({id, at, microseconds, args: words, address, name}) => [id, at, microseconds, words, address, name]);
}

const slow = {flags: 'admin loading stale'} as const;
const latency = {flags: 'admin noscript loading stale'} as const;

export const logCommands: readonly Definition[] = [
	container('slowlog', '', '', [
		{name: 'get', arity: -2, ...slow, run: slowEntries},
		{name: 'len', arity: 2, ...slow, run: ({server}) => server.slowLog.entries.length},
		{
			name: 'reset',
			arity: 2,
			...slow,
			run({server}) {
				server.slowLog.entries = [];
				return ok;
			},
		},
	]),
	// The latency monitor is off, as in Redis by default, so there is nothing to report. There are no histograms.
	container('latency', '', '', [
		{name: 'latest', arity: 2, ...latency, run: () => []},
		{name: 'history', arity: 3, ...latency, run: () => []},
		{name: 'reset', arity: -2, ...latency, run: () => 0},
		{name: 'doctor', arity: 2, ...latency, run: () => verbatim('The built-in server has no latency monitor.\n')},
	]),
];
