import {ok, type Reply, verbatim} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {clientLine, clientType} from '../../client/describe.js';
import {isWord, numberOf, Options} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, syntaxError, wrongSubcommand} from '../command-error.js';
import {container} from '../help.js';
import {trackingSubcommands} from './client-tracking.js';
import {setName} from './connection.js';

function typeOf(word: string): string {
	const type = word.toLowerCase();
	if (type === 'slave') return 'replica';
	if (['normal', 'master', 'replica', 'pubsub'].includes(type)) return type;
	throw new CommandError(`ERR Unknown client type '${word}'`);
}

function list(client: Client, args: Args): Reply {
	let clients = [...client.server.clients.values()];
	if (args.length === 4 && isWord(args[2], 'TYPE')) {
		const type = typeOf(args[3]);
		clients = clients.filter((other) => clientType(other) === type);
	} else if (args.length > 3 && isWord(args[2], 'ID')) {
		const ids = args.slice(3).map((id) => numberOf(id, new CommandError('ERR Invalid client ID')));
		clients = ids.flatMap((id) => client.server.clients.get(id) ?? []);
	} else if (args.length !== 2) throw syntaxError;
	return verbatim(clients.map((other) => `${clientLine(other)}\n`).join(''));
}

function kill(client: Client, args: Args): Reply {
	const {server} = client;
	if (args.length === 3) {
		const victim = [...server.clients.values()].find(({wire}) => wire?.address === args[2]);
		if (!victim) throw new CommandError('ERR No such client');
		end(client, victim);
		return ok;
	}
	const filters: ((other: Client) => boolean)[] = [];
	let skipMe = true;
	const options = new Options(args, 2);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		const value = options.value();
		if (option === 'ID') {
			const id = numberOf(value, new CommandError('ERR client-id should be greater than 0'));
			if (id < 1) throw new CommandError('ERR client-id should be greater than 0');
			filters.push((other) => other.id === id);
		} else if (option === 'TYPE') {
			const type = typeOf(value);
			filters.push((other) => clientType(other) === type);
		} else if (option === 'ADDR') filters.push(({wire}) => wire?.address === value);
		else if (option === 'LADDR') filters.push(({wire}) => wire?.localAddress === value);
		else if (option === 'USER') {
			if (value !== 'default') throw new CommandError(`ERR No such user '${value}'`);
		} else if (option === 'SKIPME' && (isWord(value, 'YES') || isWord(value, 'NO'))) skipMe = isWord(value, 'YES');
		else throw syntaxError;
	}
	const victims = [...server.clients.values()].filter(
		(other) => !(skipMe && other === client) && filters.every((filter) => filter(other)),
	);
	for (const victim of victims) end(client, victim);
	return victims.length;
}

function end(killer: Client, victim: Client): void {
	if (victim === killer) killer.close();
	else victim.wire?.destroy();
}

function pause(client: Client, args: Args): Reply {
	if (args.length > 4) throw wrongSubcommand(args);
	const write = args.length === 4 && isWord(args[3], 'WRITE');
	if (args.length === 4 && !write && !isWord(args[3], 'ALL')) {
		throw new CommandError('ERR CLIENT PAUSE mode must be WRITE or ALL');
	}
	const ms = numberOf(args[2], new CommandError('ERR timeout is not an integer or out of range'));
	if (ms < 0) throw new CommandError('ERR timeout is negative');
	client.server.pause.start(write ? 'write' : 'all', client.server.now, ms);
	return ok;
}

function unblock(client: Client, args: Args): Reply {
	if (args.length > 4) throw wrongSubcommand(args);
	const withError = args.length === 4 && isWord(args[3], 'ERROR');
	if (args.length > 3 && !withError && !isWord(args[3], 'TIMEOUT')) {
		throw new CommandError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
	}
	const target = client.server.clients.get(numberOf(args[2]));
	return Number(target !== undefined && client.server.blocked.release(target, withError));
}

function setReply(client: Client, args: Args): Reply | undefined {
	if (isWord(args[2], 'ON')) {
		client.reply = 'on';
		return ok;
	}
	if (isWord(args[2], 'OFF')) client.reply = 'off';
	else if (!isWord(args[2], 'SKIP')) throw syntaxError;
	else if (client.reply !== 'off') client.reply = 'skip-next';
	return undefined;
}

function setInfo(client: Client, args: Args): Reply {
	const [, , attribute, value] = args;
	if (!/^[!-~]*$/.test(value)) {
		throw new CommandError(`ERR ${attribute} cannot contain spaces, newlines or special characters.`);
	}
	if (isWord(attribute, 'LIB-NAME')) client.libName = value;
	else if (isWord(attribute, 'LIB-VER')) client.libVersion = value;
	else throw new CommandError(`ERR Unrecognized option '${attribute}'`);
	return ok;
}

function setNoEvict(client: Client, args: Args): Reply {
	if (!isWord(args[2], 'ON') && !isWord(args[2], 'OFF')) throw syntaxError;
	client.noEvict = isWord(args[2], 'ON');
	return ok;
}

const own = {flags: 'noscript loading stale', categories: 'connection'} as const;
const admin = {flags: 'admin noscript loading stale', categories: 'connection'} as const;

export const clientCommands: readonly Definition[] = [
	container('client', '', 'connection', [
		{name: 'id', arity: 2, ...own, run: (client) => client.id},
		{name: 'info', arity: 2, ...own, run: (client) => verbatim(`${clientLine(client)}\n`)},
		{name: 'list', arity: -2, ...admin, run: list},
		{
			name: 'setname',
			arity: 3,
			...own,
			run(client, args) {
				setName(client, args[2]);
				return ok;
			},
		},
		{name: 'getname', arity: 2, ...own, run: (client) => (client.name === '' ? null : client.name)},
		{name: 'setinfo', arity: 4, ...own, run: setInfo},
		{name: 'kill', arity: -3, ...admin, run: kill},
		{name: 'pause', arity: -3, ...admin, run: pause},
		{
			name: 'unpause',
			arity: 2,
			...admin,
			run(client) {
				client.server.pause.end();
				return ok;
			},
		},
		{name: 'unblock', arity: -3, ...admin, run: unblock},
		{name: 'reply', arity: 3, ...own, run: setReply},
		{name: 'no-evict', arity: 3, ...admin, run: setNoEvict},
		...trackingSubcommands,
	]),
];
