import {closestMatch} from 'leven';
import {redactUrl} from '../../pool/redis-url.js';
import {EngineError} from '../engine-error.js';
import type {EngineOptions} from '../protocol.js';
import type {Connection, ConnectionSummary, NamedConnection} from './connection.js';

type Options = Pick<EngineOptions, 'url' | 'tls' | 'deadlineMs' | 'connections' | 'connection'>;

/** The word for a private Redis, instead of a name or a URL. */
const privateWord = 'private';

/** A connection to open. It has no name if it was given by its URL. */
export type ChosenConnection = Connection & Partial<NamedConnection>;

/** The connection to begin with; undefined for a private Redis. */
export function firstConnection(options: Options): ChosenConnection | undefined {
	return chooseConnection(options.connection ?? options.url ?? privateWord, options);
}

/**
 * Finds a connection by its name, or creates one from a URL. Undefined for a private Redis.
 *
 * @throws {EngineError} There is no connection of this name.
 */
export function chooseConnection(
	word: string,
	{tls, deadlineMs, connections = []}: Options,
): ChosenConnection | undefined {
	if (word === privateWord) return undefined;
	if (word.includes('://')) return {url: word, tls, deadlineMs};
	const named = connections.find(({name}) => name === word);
	if (named) return named;
	const names = connections.map(({name}) => name);
	const meant = closestMatch(word, [...names, privateWord], {maxDistance: 3});
	const advice = names.length === 0 ? 'the configuration file has none' : `there are ${names.join(', ')}`;
	throw new EngineError(
		'ERR_CONNECTION',
		`no connection ${JSON.stringify(word)}; ${meant ? `did you mean ${meant}?` : `${advice}, and URLs such as redis://host:6379`}`,
		2,
	);
}

/** The named connections, without their logins. */
export function summaryOf(
	{connections = []}: Options,
	current: ChosenConnection | undefined,
): readonly ConnectionSummary[] {
	return connections.map(({name, color, readOnly, url}) => ({
		name,
		color,
		readOnly,
		url: redactUrl(url),
		isCurrent: name === current?.name,
	}));
}
