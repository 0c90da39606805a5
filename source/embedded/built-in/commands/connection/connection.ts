import {createHash, timingSafeEqual} from 'node:crypto';
import {map, ok, type Reply, status} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {redisVersion} from '../../identity.js';
import {isWord, numberOf} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError} from '../command-error.js';
import {databaseOf} from '../keys/keys.js';

const wrongPassword = new CommandError('WRONGPASS invalid username-password pair or user is disabled.');

function ping(client: Client, args: Args): Reply {
	if (args.length > 2) throw new CommandError("ERR wrong number of arguments for 'ping' command");
	if (client.resp === 2 && client.isSubscriber) return ['pong', args.length === 2 ? args[1] : ''];
	return args.length === 2 ? args[1] : status('PONG');
}

function select(client: Client, args: Args): Reply {
	client.db = databaseOf(client, args[1], 'ERR value is not an integer or out of range');
	return ok;
}

function auth(client: Client, args: Args): Reply {
	if (args.length > 3) throw new CommandError('ERR syntax error');
	if (args.length === 2 && client.server.config.password === '') {
		throw new CommandError(
			'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
		);
	}
	const [user, password] = args.length === 2 ? ['default', args[1]] : [args[1], args[2]];
	authenticate(client, user, password);
	return ok;
}

function authenticate(client: Client, user: string, password: string): void {
	const wanted = client.server.config.password;
	if (user !== 'default' || (wanted !== '' && !equal(password, wanted))) throw wrongPassword;
	client.authenticated = true;
}

function equal(a: string, b: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text, 'latin1').digest();
	return timingSafeEqual(digest(a), digest(b));
}

function hello(client: Client, args: Args): Reply {
	let version = 0;
	if (args.length >= 2) {
		version = numberOf(args[1], new CommandError('ERR Protocol version is not an integer or out of range'));
		if (version !== 2 && version !== 3) throw new CommandError('NOPROTO unsupported protocol version');
	}
	for (let place = 2; place < args.length; place++) {
		const option = args[place];
		const left = args.length - 1 - place;
		if (isWord(option, 'AUTH') && left >= 2) {
			authenticate(client, args[place + 1] ?? '', args[place + 2] ?? '');
			place += 2;
		} else if (isWord(option, 'SETNAME') && left >= 1) setName(client, args[++place] ?? '');
		else throw new CommandError(`ERR Syntax error in HELLO option '${option}'`);
	}
	if (!client.authenticated) {
		throw new CommandError(
			'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
		);
	}
	if (version !== 0) client.resp = version === 3 ? 3 : 2;
	return map([
		...['server', 'redis', 'version', redisVersion, 'proto', client.resp, 'id', client.id],
		...['mode', 'standalone', 'role', 'master', 'modules', []],
	]);
}

/** Only printable ASCII without spaces is allowed, so that CLIENT LIST can be parsed. */
export function setName(client: Client, name: string): void {
	if (!/^[!-~]*$/.test(name)) {
		throw new CommandError('ERR Client names cannot contain spaces, newlines or special characters.');
	}
	client.name = name;
}

function reset(client: Client): Reply {
	client.server.reset(client);
	client.resp = 2;
	client.db = client.server.database(0);
	client.name = '';
	client.reply = 'on';
	client.noEvict = false;
	client.authenticated = client.server.config.password === '';
	return status('RESET');
}

function quit(client: Client): Reply {
	client.close();
	return ok;
}

const early = 'noscript loading stale fast no_auth allow_busy';
const connection = {categories: 'connection'} as const;

export const connectionCommands: readonly Definition[] = [
	{name: 'ping', arity: -1, flags: 'fast', ...connection, run: ping},
	{name: 'echo', arity: 2, flags: 'loading stale fast', ...connection, run: (_, args) => args[1]},
	{name: 'select', arity: 2, flags: 'loading stale fast', ...connection, run: select},
	{name: 'auth', arity: -2, flags: early, ...connection, run: auth},
	{name: 'hello', arity: -1, flags: early, ...connection, run: hello},
	{name: 'reset', arity: 1, flags: early, ...connection, run: reset},
	{name: 'quit', arity: -1, flags: early, ...connection, run: quit},
];
