import {map, type Reply, set, status} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {findCommand, hasArity} from '../../execute.js';
import {globMatches} from '../../glob.js';
import {isWord} from '../arguments.js';
import type {Args, Command, Definition} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {fixedRange, keyPlaces} from '../key-places.js';
import {tipsFor} from './command-tips.js';
import {keySpecs, keysWithFlags} from './key-specs.js';

/** Describes a command as COMMAND INFO does. */
function describe(command: Command | undefined): Reply {
	if (!command) return null;
	const [first, last, step] = fixedRange(command.keys);
	return [
		command.fullName,
		command.arity,
		set([...command.flags].map(status)),
		first,
		last,
		step,
		set(command.categories.map(status)),
		set(tipsFor(command.fullName)),
		set(keySpecs(command)),
		// Redis calls the empty list a set, and any other an array.
		command.subcommands ? [...command.subcommands.values()].map(describe) : set([]),
	];
}

function describeAll(client: Client): Reply {
	return [...client.server.commands.values()].map(describe);
}

/** @param name Of a command or a subcommand: `client|list`. */
function named({server}: Client, name: string): Command | undefined {
	return findCommand(server.commands, name.split('|'));
}

function describeSome(client: Client, args: Args): Reply {
	if (args.length === 2) return describeAll(client);
	return args.slice(2).map((name) => describe(named(client, name)));
}

/** COMMAND DOCS with only the group, since the texts of Redis are copyrighted. */
function docs(client: Client, args: Args): Reply {
	const commands =
		args.length === 2
			? [...client.server.commands.values()]
			: args.slice(2).flatMap((name) => named(client, name) ?? []);
	return map(commands.flatMap((command) => [command.fullName, doc(command)]));
}

function doc({group, subcommands}: Command): Reply {
	const fields: Reply[] = ['group', group];
	if (subcommands) {
		fields.push('subcommands', map([...subcommands.values()].flatMap((sub) => [sub.fullName, doc(sub)])));
	}
	return map(fields);
}

function list(client: Client, args: Args): Reply {
	const all: Command[] = [];
	for (const command of client.server.commands.values()) all.push(command, ...(command.subcommands?.values() ?? []));
	if (args.length === 2) return all.map(({fullName}) => fullName);
	if (args.length !== 5 || !isWord(args[2], 'FILTERBY')) throw syntaxError;
	const [, , , kind, wanted] = args;
	if (isWord(kind, 'PATTERN')) return all.flatMap(({fullName}) => (globMatches(wanted, fullName) ? fullName : []));
	if (isWord(kind, 'ACLCAT')) {
		return all.flatMap(({fullName, categories}) => (categories.includes(`@${wanted.toLowerCase()}`) ? fullName : []));
	}
	if (isWord(kind, 'MODULE')) return [];
	throw syntaxError;
}

/** The request within COMMAND GETKEYS, and its command. Throws if a command without optional keys has none. */
function requestWithin(client: Client, args: Args): {command: Command; request: readonly string[]} {
	const request = args.slice(2);
	const command = findCommand(client.server.commands, request);
	if (!command) throw new CommandError('ERR Invalid command specified');
	if (command.keys === undefined) throw new CommandError('ERR The command has no key arguments');
	if (!hasArity(command, request)) throw new CommandError('ERR Invalid number of arguments specified for command');
	if (keyPlaces(command.keys, request).length === 0 && !command.flags.has('no_mandatory_keys')) {
		throw new CommandError('ERR Invalid arguments specified for command');
	}
	return {command, request};
}

function keysOf(client: Client, args: Args): Reply {
	const {command, request} = requestWithin(client, args);
	return keyPlaces(command.keys, request).map((place) => request[place] ?? '');
}

function keysAndFlagsOf(client: Client, args: Args): Reply {
	const {command, request} = requestWithin(client, args);
	return keysWithFlags(command, request);
}

const reading = {flags: 'loading stale', categories: 'connection'} as const;

export const commandCommands: readonly Definition[] = [
	{
		name: 'command',
		arity: -1,
		...reading,
		run: describeAll,
		subcommands: [
			{name: 'count', arity: 2, ...reading, run: ({server}) => server.commands.size},
			{name: 'info', arity: -2, ...reading, run: describeSome},
			{name: 'docs', arity: -2, ...reading, run: docs},
			{name: 'list', arity: -2, ...reading, run: list},
			{name: 'getkeys', arity: -4, ...reading, run: keysOf},
			{name: 'getkeysandflags', arity: -4, ...reading, run: keysAndFlagsOf},
		],
	},
];
