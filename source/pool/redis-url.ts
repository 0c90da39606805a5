import {InvalidArgumentError} from './errors.js';
import type {Endpoint} from './pool-options.js';

export type {Endpoint};

export type Login = {readonly username: string | undefined; readonly password: string | undefined};

/** Where a Redis is, parsed from its URL. */
export type RedisTarget =
	| ({readonly type: 'tcp'; readonly tls: boolean; readonly endpoint: Endpoint; readonly db: number} & Login)
	| ({readonly type: 'unix'; readonly path: string; readonly db: number} & Login)
	| ({
			readonly type: 'sentinel';
			readonly tls: boolean;
			readonly sentinels: readonly Endpoint[];
			readonly master: string;
			readonly db: number;
			readonly sentinelLogin: Login;
	  } & Login)
	| ({readonly type: 'cluster'; readonly tls: boolean; readonly nodes: readonly Endpoint[]} & Login);

const urlPattern = /^([a-z][a-z+]*):\/\/(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?$/i;

const schemes = 'redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://';

/** Query parameters that are not secret. */
const publicParameters = new Set(['db']);

// Messages never quote the URL, except its scheme: in a mistyped URL the password may be anywhere.
const fail = (message: string): never => {
	throw new InvalidArgumentError(message);
};

const decode = (text: string | undefined): string | undefined => {
	if (text === undefined || text === '') return undefined;
	try {
		return decodeURIComponent(text);
	} catch (error) {
		throw new InvalidArgumentError('The user name or password of the Redis URL has a stray "%"; write it as %25', {
			cause: error,
		});
	}
};

const parseLogin = (userInfo: string | undefined): Login => {
	if (userInfo === undefined) return {username: undefined, password: undefined};
	const colon = userInfo.indexOf(':');
	if (colon === -1) return {username: decode(userInfo), password: undefined};
	return {username: decode(userInfo.slice(0, colon)), password: decode(userInfo.slice(colon + 1))};
};

const parseEndpoint = (text: string, defaultPort: number): Endpoint => {
	const match = /^(\[[0-9a-f:.]+\]|[^:[\]\s]*)(?::(.*))?$/i.exec(text);
	const [, host, portText] = match ?? fail('A host of the Redis URL cannot be read; write host:port');
	if (host === undefined || host === '') fail('The Redis URL has no host; write redis://host:port');
	const port = portText === undefined || portText === '' ? defaultPort : Number(portText);
	if (!/^\d*$/.test(portText ?? '') || !Number.isInteger(port) || port < 1 || port > 65_535) {
		fail('The port of the Redis URL must be a number between 1 and 65535');
	}
	return {host: (host ?? '').replace(/^\[|\]$/g, ''), port};
};

const parseEndpoints = (text: string, defaultPort: number, scheme: string): readonly Endpoint[] => {
	const hosts = text.split(',').filter((part) => part !== '');
	if (hosts.length === 0) fail(`The list of hosts is empty; write ${scheme}://host1:port,host2:port`);
	return hosts.map((part) => parseEndpoint(part, defaultPort));
};

const parseDb = (text: string): number => {
	if (!/^\d{1,5}$/.test(text)) fail('The database of the Redis URL must be a number, as in redis://host:6379/0');
	return Number(text);
};

/** An unknown parameter would silently have no effect. Its name stays out of the message, as the rest of the URL does. */
const checkParameters = (query: URLSearchParams, scheme: string): void => {
	const known = scheme.endsWith('+sentinel') ? ['db', 'sentinelUser', 'sentinelPassword'] : ['db'];
	for (const name of query.keys()) {
		if (!known.includes(name))
			fail(
				`The Redis URL has an unknown parameter after "?"; ${scheme}:// takes ${known.join(', ')}, everything else is an option`,
			);
	}
};

/**
 * Parses a Redis URL.
 *
 * - `redis://user:password@host:port/db`, `rediss://` with TLS
 * - `unix:///path/to/socket?db=1`
 * - `redis+sentinel://user:password@host1:26379,host2:26379/master-name/db?sentinelUser=…&sentinelPassword=…`
 * - `redis+cluster://user:password@host1:port,host2:port`
 *
 * `rediss+sentinel://` and `rediss+cluster://` are the same with TLS. User names and passwords are percent-encoded.
 *
 * @throws {InvalidArgumentError} the URL cannot be used. The message never contains a password.
 */
export const parseRedisUrl = (url: string): RedisTarget => {
	const match = urlPattern.exec(url.trim()) ?? fail('The Redis URL cannot be read; write redis://host:port');
	const scheme = (match[1] ?? '').toLowerCase();
	const login = parseLogin(match[2]);
	const authority = match[3] ?? '';
	const path = match[4] ?? '';
	const query = new URLSearchParams(match[5] ?? '');
	const queryDb = query.get('db');
	checkParameters(query, scheme);
	const segments = path.split('/').filter((segment) => segment !== '');
	const dbOf = (segment: string | undefined): number => parseDb(segment ?? queryDb ?? '0');
	const tls = scheme.startsWith('rediss');

	switch (scheme) {
		case 'redis':
		case 'rediss': {
			if (authority.includes(','))
				fail(`One host only with ${scheme}://; for several use redis+cluster:// or redis+sentinel://`);
			if (segments.length > 1) fail('The path of the Redis URL must be a database number, as in redis://host:6379/0');
			return {type: 'tcp', tls, endpoint: parseEndpoint(authority, 6379), db: dbOf(segments[0]), ...login};
		}
		case 'unix': {
			const socketPath = decode(authority + path) ?? '';
			if (socketPath === '') fail('The Redis URL has no socket path; write unix:///path/to/redis.sock');
			return {type: 'unix', path: socketPath, db: dbOf(undefined), ...login};
		}
		case 'redis+sentinel':
		case 'rediss+sentinel': {
			const sentinels = parseEndpoints(authority, 26_379, scheme);
			const master = decode(segments[0]);
			if (master === undefined || segments.length > 2) {
				return fail(`The name of the master is missing; write ${scheme}://host:26379/master-name/0`);
			}
			const sentinelLogin = {
				username: query.get('sentinelUser') ?? undefined,
				password: query.get('sentinelPassword') ?? undefined,
			};
			return {type: 'sentinel', tls, sentinels, master, db: dbOf(segments[1]), sentinelLogin, ...login};
		}
		case 'redis+cluster':
		case 'rediss+cluster': {
			const nodes = parseEndpoints(authority, 6379, scheme);
			if (dbOf(segments[0]) !== 0 || segments.length > 1)
				fail('A cluster has only database 0; leave it out of the URL');
			return {type: 'cluster', tls, nodes, ...login};
		}
		default:
			return fail(`Redis URLs start with ${schemes}`);
	}
};

/**
 * The URL without user name, password and unknown query parameters, safe to print. Of a text that is not a URL,
 * everything that may be a secret is left out. A URL behind a tunnel (`ssh://host/redis://…`) is shown with it.
 */
export const redactUrl = (url: string): string => {
	const start = url.indexOf('://');
	if (start === -1 || !/^[a-z][a-z+]*$/i.test(url.slice(0, start).trim())) return '(unreadable URL)';
	const scheme = url.slice(0, start).trim().toLowerCase();
	const rest = url.slice(start + 3).trim();
	const [, gateway, behind] = (scheme === 'ssh' && /^([^/]*)\/(.*:\/\/.*)$/s.exec(rest)) || [];
	if (gateway !== undefined && behind !== undefined) {
		// An ssh URL has no password, so a text in that place was most likely put there by mistake.
		const shown = /:.*@/.test(gateway) ? `***@${gateway.slice(gateway.lastIndexOf('@') + 1)}` : gateway;
		return `ssh://${shown}/${redactUrl(behind)}`;
	}
	// The last "@" anywhere, since a password that was not encoded may contain "/", "?" or "@".
	const at = rest.lastIndexOf('@');
	const question = rest.indexOf('?');
	// The query may contain a secret, and where it begins is unknown.
	if (question !== -1 && rest.slice(question, Math.max(at, question)).includes('=')) return `${scheme}://…`;
	const hash = rest.indexOf('#', at + 1);
	const place = rest.slice(at + 1, hash === -1 ? undefined : hash);
	const [address = '', query] = place.split('?', 2);
	const shown = [...new URLSearchParams(query ?? '')].map(([name, value]) =>
		publicParameters.has(name) ? `${name}=${value}` : `${/^\w+$/.test(name) ? name : '…'}=***`,
	);
	const head = `${scheme}://${at === -1 ? '' : '***@'}`;
	if (/[\s=]/.test(address)) return `${head}…`;
	return `${head}${address}${shown.length === 0 ? '' : `?${shown.join('&')}`}`;
};
