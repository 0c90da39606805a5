import {push, type Reply, sequence} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import type {Args, Definition, Handler} from '../command.js';
import {wrongSubcommand} from '../command-error.js';
import {container} from '../help.js';

function join(one: (client: Client, name: string) => Reply): Handler {
	return (client, args) => sequence(args.slice(1).map((name) => one(client, name)));
}

/**
 * Unsubscribes from the given names, or from all. There is a confirmation even if there is nothing to unsubscribe from.
 */
function leave(
	kind: string,
	joined: (client: Client) => ReadonlySet<string>,
	one: (client: Client, name: string) => Reply,
): Handler {
	return (client, args: Args) => {
		const names = args.length > 1 ? args.slice(1) : [...joined(client)];
		if (names.length === 0) return push([kind, null, client.channels.size + client.patterns.size]);
		return sequence(names.map((name) => one(client, name)));
	};
}

function channels({server}: Client, args: Args): Reply {
	if (args.length > 3) throw wrongSubcommand(args);
	return server.pubSub.channels(args.length === 3 ? args[2] : undefined);
}

const flags = 'pubsub noscript loading stale';
const asking = 'pubsub loading stale';

export const pubSubCommands: readonly Definition[] = [
	{
		name: 'subscribe',
		arity: -2,
		flags,
		run: join((client, name) => client.server.pubSub.subscribe(client, name)),
	},
	{
		name: 'psubscribe',
		arity: -2,
		flags,
		run: join((client, name) => client.server.pubSub.subscribePattern(client, name)),
	},
	{
		name: 'unsubscribe',
		arity: -1,
		flags,
		run: leave(
			'unsubscribe',
			(client) => client.channels,
			(client, name) => client.server.pubSub.unsubscribe(client, name),
		),
	},
	{
		name: 'punsubscribe',
		arity: -1,
		flags,
		run: leave(
			'punsubscribe',
			(client) => client.patterns,
			(client, name) => client.server.pubSub.unsubscribePattern(client, name),
		),
	},
	{
		name: 'publish',
		arity: 3,
		flags: 'pubsub loading stale fast',
		run: (client, args) => client.server.pubSub.publish(args[1], args[2]),
	},
	container('pubsub', '', '', [
		{name: 'channels', arity: -2, flags: asking, run: channels},
		{name: 'numpat', arity: 2, flags: asking, run: (client) => client.server.pubSub.patternCount},
		{
			name: 'numsub',
			arity: -2,
			flags: asking,
			run: (client, args) => args.slice(2).flatMap((name) => [name, client.server.pubSub.subscribers(name)]),
		},
	]),
];
