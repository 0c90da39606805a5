import {isInspector, isOwnClient} from './own-clients.js';

/** A connection, from CLIENT LIST. */
export type Client = {
	readonly id: string;
	readonly address: string;
	/** Name of the client; empty if it has none. */
	readonly name: string;
	readonly user: string;
	readonly ageSeconds: number;
	readonly idleSeconds: number;
	/** Memory that the server uses for it, in bytes. */
	readonly memory: number;
	/** Size of its output buffer in bytes. */
	readonly output: number;
	readonly command: string;
	/** `N`: normal, `b`: blocked, `P`: subscribed, `S`: replica. */
	readonly flags: string;
	/** Name and version of its client library; from Redis 7.2 on. */
	readonly library: string;
};

/** Parses the reply to CLIENT LIST, the connections of this program included. */
export function parseAllClients(text: string): readonly Client[] {
	return text
		.split(/\r?\n/)
		.filter((line) => line.includes('id='))
		.map((line) => {
			const fields = new Map(
				line.split(' ').map((part) => {
					const equals = part.indexOf('=');
					return [part.slice(0, equals), part.slice(equals + 1)] as const;
				}),
			);
			const field = (name: string) => fields.get(name) ?? '';
			const number = (name: string) => Number(fields.get(name) ?? 0) || 0;
			return {
				id: field('id'),
				address: field('addr'),
				name: field('name'),
				user: field('user'),
				ageSeconds: number('age'),
				idleSeconds: number('idle'),
				memory: number('tot-mem'),
				output: number('omem'),
				command: field('cmd'),
				flags: field('flags'),
				library: [field('lib-name'), field('lib-ver')].filter((part) => part !== '').join(' '),
			};
		});
}

/** Parses the reply to CLIENT LIST, without the connections of this program and of other dashboards. */
export const parseClientList = (text: string): readonly Client[] =>
	parseAllClients(text).filter(({name}) => !isOwnClient(name));

/** The addresses of the connections by which this program inspects the server, in the reply to CLIENT LIST. */
export const ownAddresses = (text: string): ReadonlySet<string> =>
	new Set(parseAllClients(text).flatMap(({name, address}) => (isInspector(name) ? [address] : [])));

/** The host of an address: `10.0.0.7` of `10.0.0.7:53122`. */
export const hostOf = (address: string): string => address.replace(/:\d+$/, '') || address;

/** The argument of `kill` for the connections with the same name, or without a name, from one host: `shop-api@10.0.0.7`. */
export const groupWord = ({address, name}: Pick<Client, 'address' | 'name'>): string => `${name}@${hostOf(address)}`;

/**
 * True if the argument of `kill` matches this connection: its address, its host, its name, or both with `@` in between.
 */
export const isMeant = (client: Client, word: string): boolean =>
	word === client.address ||
	word === hostOf(client.address) ||
	(client.name !== '' && word === client.name) ||
	word === groupWord(client);
