import {error, isError, queued, type Reply} from '../../resp/reply.js';
import type {Client} from './client/client.js';
import {milliseconds} from './clock.js';
import type {Args, Command} from './commands/command.js';
import {outOfMemory, replyOf} from './commands/command-error.js';
import {keyPlaces} from './commands/key-places.js';
import type {Server} from './server.js';

/** Commands that a RESP2 client may send while it is subscribed. */
const subscriberCommands = new Set(['ping', 'subscribe', 'unsubscribe', 'psubscribe', 'punsubscribe', 'quit', 'reset']);
/** Commands that run at once between MULTI and EXEC. */
const neverQueued = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset']);
const notForMemory = new Set(['exec', 'discard', 'quit', 'reset']);
/** Commands that CLIENT PAUSE WRITE holds back because they may write. */
const mayWrite = new Set(['eval', 'evalsha', 'publish']);

/**
 * Words with which an HTTP request begins, for which the connection is closed: a web page can make a browser send one to any
 * port of this machine, with commands in its body.
 */
const httpWords = new Set(['post', 'host:']);

/** Handles one request of a client, from its checks to its reply. */
export function handleRequest(server: Server, client: Client, args: readonly string[]): void {
	server.now = milliseconds();
	client.usedAt = server.now;
	if (httpWords.has(args[0]?.toLowerCase() ?? '')) {
		client.drop();
		return;
	}
	server.current = client;
	const reply = checkAndRun(server, client, args);
	if (reply !== undefined) client.send(reply);
	if (client.reply === 'skip-next') client.reply = 'skip';
	else if (client.reply === 'skip') client.reply = 'on';
	server.tracking.sendOwnInvalidations(client);
	server.current = undefined;
	server.blocked.serveReady();
}

export function findCommand(commands: ReadonlyMap<string, Command>, args: readonly string[]): Command | undefined {
	const [name = '', second] = args;
	const command = commands.get(name) ?? commands.get(name.toLowerCase());
	if (!command?.subcommands || second === undefined) return command;
	return command.subcommands.get(second.toLowerCase());
}

export function hasArity({arity}: Command, args: readonly string[]): boolean {
	return arity >= 0 ? args.length === arity : args.length >= -arity;
}

/** Runs a command and updates its statistics. */
export function call(client: Client, command: Command, args: readonly string[]): Reply | undefined {
	const {server} = client;
	const started = performance.now();
	const reply = replyOf(() => command.run(client, args as Args));
	const microseconds = Math.floor((performance.now() - started) * 1000);
	const {stats} = command;
	stats.calls++;
	stats.microseconds += microseconds;
	server.stats.commands++;
	if (isError(reply)) {
		stats.failed++;
		server.stats.countError(reply.text);
	}
	const {slowerThan, slowLogLength} = server.config;
	if (slowerThan >= 0 && microseconds >= slowerThan && !command.flags.has('skip_slowlog') && !client.blocked) {
		server.slowLog.add(client, args, microseconds, server.now, slowLogLength);
	}
	if (command.isReadOnly) rememberReads(server, client, command, args);
	return reply;
}

function checkAndRun(server: Server, client: Client, args: readonly string[]): Reply | undefined {
	const command = findCommand(server.commands, args);
	if (!command) return reject(client, undefined, unknownCommand(server, args));
	client.lastCommand = command;
	if (!hasArity(command, args)) {
		return reject(client, command, `ERR wrong number of arguments for '${command.fullName}' command`);
	}
	const name = command.fullName;
	if (!client.authenticated && !command.flags.has('no_auth')) {
		return reject(client, command, 'NOAUTH Authentication required.');
	}
	const {transaction} = client;
	if (transaction && command.flags.has('no_multi')) {
		return reject(client, command, 'ERR Command not allowed inside a transaction');
	}
	if (server.config.maxMemory > 0) {
		server.outOfMemory = !server.makeRoom();
		server.tracking.sendOwnInvalidations(client);
		const denied =
			command.denyOom ||
			(transaction !== undefined && !notForMemory.has(name)) ||
			(name === 'exec' && transaction?.queue.some((queuedCommand) => queuedCommand.command.denyOom));
		if (server.outOfMemory && denied) return reject(client, command, outOfMemory.reply.text);
	} else server.outOfMemory = false;
	if (client.resp === 2 && client.isSubscriber && !subscriberCommands.has(name)) {
		return reject(
			client,
			command,
			`ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
		);
	}
	const writes =
		command.isWrite ||
		mayWrite.has(name) ||
		(name === 'exec' && transaction?.queue.some(({command: {isWrite, fullName}}) => isWrite || mayWrite.has(fullName)));
	if (server.pause.holds(writes === true)) {
		server.pause.hold(client, args);
		return undefined;
	}
	if (transaction && !neverQueued.has(name)) {
		transaction.queue.push({command, args});
		return queued;
	}
	const reply = call(client, command, args);
	const {tracking} = client;
	if (tracking && name !== 'client|caching') tracking.caching = false;
	return reply;
}

/** Replies with an error instead of running the command. A transaction will then fail at EXEC. */
function reject(client: Client, command: Command | undefined, text: string): Reply {
	if (command) command.stats.rejected++;
	client.server.stats.countError(text);
	if (command?.fullName === 'exec') {
		client.transaction = undefined;
		client.server.watches.clear(client);
		return error(`EXECABORT Transaction discarded because of: ${text.replace(/^ERR /, '')}`);
	}
	if (client.transaction) client.transaction.aborted = true;
	return error(text);
}

function unknownCommand({commands}: Server, args: readonly string[]): string {
	const [name = '', second = ''] = args;
	const container = commands.get(name.toLowerCase());
	if (container?.subcommands) {
		return `ERR unknown subcommand '${excerpt(second, 128)}'. Try ${name.toUpperCase()} HELP.`;
	}
	let shown = '';
	for (const word of args.slice(1)) {
		if (shown.length >= 128) break;
		shown += `'${excerpt(word, 128 - shown.length)}' `;
	}
	return `ERR unknown command '${excerpt(name, 128)}', with args beginning with: ${shown}`;
}

/** Redis prints the word as a C string, which ends at a zero byte. */
function excerpt(word: string, length: number): string {
	const zero = word.indexOf('\0');
	return word.slice(0, Math.min(length, zero < 0 ? length : zero));
}

/** Records which keys a client read, for CLIENT TRACKING. A script counts as a read of the keys declared to it. */
function rememberReads(server: Server, client: Client, command: Command, args: readonly string[]): void {
	if (command.group === 'scripting') return;
	const caller = client.wire ? client : server.current;
	if (!caller?.tracking) return;
	if (caller === client) {
		server.tracking.remember(
			client,
			keyPlaces(command.keys, args).map((place) => args[place] ?? ''),
		);
	} else server.tracking.remember(caller, server.scripts.runner().declaredKeys);
}
