import {push, type Reply} from '../../../resp/reply.js';
import {globMatches} from '../glob.js';
import type {Client} from './client.js';

/** Subscribers by channel and by pattern. Channels do not depend on the database. */
export class PubSub {
	readonly #channels = new Map<string, Set<Client>>();
	readonly #patterns = new Map<string, Set<Client>>();

	get patternCount(): number {
		return this.#patterns.size;
	}

	get channelCount(): number {
		return this.#channels.size;
	}

	channels(pattern: string | undefined): string[] {
		return [...this.#channels.keys()].filter((channel) => pattern === undefined || globMatches(pattern, channel));
	}

	subscribers(channel: string): number {
		return this.#channels.get(channel)?.size ?? 0;
	}

	subscribe(client: Client, channel: string): Reply {
		client.channels.add(channel);
		join(this.#channels, channel, client);
		return push(['subscribe', channel, client.channels.size + client.patterns.size]);
	}

	subscribePattern(client: Client, pattern: string): Reply {
		client.patterns.add(pattern);
		join(this.#patterns, pattern, client);
		return push(['psubscribe', pattern, client.channels.size + client.patterns.size]);
	}

	unsubscribe(client: Client, channel: string): Reply {
		client.channels.delete(channel);
		leave(this.#channels, channel, client);
		return push(['unsubscribe', channel, client.channels.size + client.patterns.size]);
	}

	unsubscribePattern(client: Client, pattern: string): Reply {
		client.patterns.delete(pattern);
		leave(this.#patterns, pattern, client);
		return push(['punsubscribe', pattern, client.channels.size + client.patterns.size]);
	}

	/** Returns the number of receivers. */
	publish(channel: string, message: string): number {
		let receivers = 0;
		for (const client of this.#channels.get(channel) ?? []) {
			client.push(push(['message', channel, message]));
			receivers++;
		}
		for (const [pattern, clients] of this.#patterns) {
			if (!globMatches(pattern, channel)) continue;
			for (const client of clients) {
				client.push(push(['pmessage', pattern, channel, message]));
				receivers++;
			}
		}
		return receivers;
	}

	drop(client: Client): void {
		for (const channel of client.channels) leave(this.#channels, channel, client);
		for (const pattern of client.patterns) leave(this.#patterns, pattern, client);
		client.channels.clear();
		client.patterns.clear();
	}
}

function join(map: Map<string, Set<Client>>, name: string, client: Client): void {
	const clients = map.get(name);
	if (clients) clients.add(client);
	else map.set(name, new Set([client]));
}

function leave(map: Map<string, Set<Client>>, name: string, client: Client): void {
	const clients = map.get(name);
	clients?.delete(client);
	if (clients?.size === 0) map.delete(name);
}
