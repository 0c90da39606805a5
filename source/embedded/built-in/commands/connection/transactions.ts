import {nullArray, ok, type Reply, sequence} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {call} from '../../execute.js';
import type {Args, Definition} from '../command.js';
import {CommandError} from '../command-error.js';
import {allKeys} from '../key-places.js';

function begin(client: Client): Reply {
	if (client.transaction) throw new CommandError('ERR MULTI calls can not be nested');
	client.transaction = {queue: [], aborted: false};
	return ok;
}

function discard(client: Client): Reply {
	if (!client.transaction) throw new CommandError('ERR DISCARD without MULTI');
	end(client);
	return ok;
}

function end(client: Client): void {
	client.transaction = undefined;
	client.server.watches.clear(client);
}

function execute(client: Client): Reply {
	const {transaction, server} = client;
	if (!transaction) throw new CommandError('ERR EXEC without MULTI');
	const broken = client.watchBroken || server.watches.hasExpired(client);
	end(client);
	if (transaction.aborted) throw new CommandError('EXECABORT Transaction discarded because of previous errors.');
	if (broken) return nullArray;
	client.denyBlocking = true;
	const replies = transaction.queue.map(({command, args}) => {
		const reply = call(client, command, args);
		return reply === undefined ? sequence([]) : reply;
	});
	client.denyBlocking = false;
	return replies;
}

function watch(client: Client, args: Args): Reply {
	if (client.transaction) throw new CommandError('ERR WATCH inside MULTI is not allowed');
	if (!client.watchBroken) for (const key of args.slice(1)) client.server.watches.add(client, key);
	return ok;
}

const flags = 'noscript loading stale fast allow_busy';
const transaction = {categories: 'transaction'} as const;

export const transactionCommands: readonly Definition[] = [
	{name: 'multi', arity: 1, flags, ...transaction, run: begin},
	{name: 'exec', arity: 1, flags: 'noscript loading stale skip_slowlog', ...transaction, run: execute},
	{name: 'discard', arity: 1, flags, ...transaction, run: discard},
	{name: 'watch', arity: -2, flags, ...transaction, keys: allKeys, access: 'RO', run: watch},
	{
		name: 'unwatch',
		arity: 1,
		flags,
		...transaction,
		run(client) {
			client.server.watches.clear(client);
			return ok;
		},
	},
];
