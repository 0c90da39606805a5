import {ok, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {isWord, numberOf} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError, noScript} from '../command-error.js';
import {container} from '../help.js';

function keyCountOf(args: readonly string[]): number {
	const count = numberOf(args[2]);
	if (count > args.length - 3) throw new CommandError("ERR Number of keys can't be greater than number of args");
	if (count < 0) throw new CommandError("ERR Number of keys can't be negative");
	return count;
}

function evaluate(known: boolean, readOnly: boolean): Handler {
	return (client, args) => {
		const {scripts} = client.server;
		// Redis refuses an invalid digest before it checks anything else.
		if (known && args[1].length !== 40) throw noScript;
		const count = keyCountOf(args);
		const keys = args.slice(3, 3 + count);
		const values = args.slice(3 + count);
		return known
			? scripts.evaluateKnown(client, args[1], keys, values, readOnly)
			: scripts.evaluate(client, args[1], keys, values, readOnly);
	};
}

function flush(client: Client, args: Args): Reply {
	if (args.length > 3 || (args.length === 3 && !isWord(args[2], 'SYNC') && !isWord(args[2], 'ASYNC'))) {
		throw new CommandError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
	}
	client.server.scripts.clear();
	return ok;
}

const flags = 'noscript stale skip_monitor no_mandatory_keys';
const worstCase = (access: string) => `We cannot tell how the keys will be used so we assume the worst, ${access}`;
const script = {arity: -3, categories: 'scripting', keys: {countAt: 2}} as const;

export const scriptingCommands: readonly Definition[] = [
	{
		name: 'eval',
		flags,
		...script,
		access: 'RW access update',
		keyNotes: worstCase('RW and UPDATE'),
		run: evaluate(false, false),
	},
	{name: 'evalsha', flags, ...script, access: 'RW access update', run: evaluate(true, false)},
	{
		name: 'eval_ro',
		flags: `readonly ${flags}`,
		...script,
		keyNotes: worstCase('RO and ACCESS'),
		run: evaluate(false, true),
	},
	{name: 'evalsha_ro', flags: `readonly ${flags}`, ...script, run: evaluate(true, true)},
	container('script', '', 'scripting', [
		{
			name: 'load',
			arity: 3,
			flags: 'noscript stale',
			categories: 'scripting',
			run: (client, args) => client.server.scripts.add(args[2]),
		},
		{
			name: 'exists',
			arity: -3,
			flags: 'noscript',
			categories: 'scripting',
			run: (client, args) => args.slice(2).map((sha) => Number(client.server.scripts.has(sha))),
		},
		{name: 'flush', arity: -2, flags: 'noscript', categories: 'scripting', run: flush},
		{
			name: 'kill',
			arity: 2,
			flags: 'noscript allow_busy',
			categories: 'scripting',
			run() {
				throw new CommandError('NOTBUSY No scripts in execution right now.');
			},
		},
	]),
];
