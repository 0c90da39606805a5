import {dirname} from 'node:path';
import {closestMatch} from 'leven';
import {connectionColors, type NamedConnection} from '../../engine/target/connection.js';
import type {ConfigFile} from './config-file.js';
import type {RawConnection} from './connections.js';
import type {Flags} from './parse-arguments.js';
import {choice, name as readName} from './read-value.js';
import {
	flagOf,
	type MergedSettings,
	merge,
	type Origin,
	type RawSettings,
	type Reach,
	type ResolvedSettings,
} from './settings.js';
import {UsageError} from './usage-error.js';

function rawFlags({json, ...flags}: Flags): RawSettings {
	if (json && flags.report !== undefined && flags.report !== 'json') {
		throw new UsageError(`--json and --report ${flags.report} contradict each other: give one of them`);
	}
	return {...flags, report: json ? 'json' : flags.report};
}

/**
 * Validates and merges the settings. Flags override the chosen connection, which overrides the configuration file, which
 * overrides the defaults. Environment variables are ignored: `REDIS_URL` is meant for applications, and is not a request to
 * work on that Redis.
 *
 * @throws {UsageError} A value is not valid.
 */
export function resolveSettings(flags: Flags, file: Omit<ConfigFile, 'exists'>): ResolvedSettings {
	const fromFlags: Origin = {source: 'flag', values: rawFlags(flags), label: flagOf, folder: process.cwd()};
	const fromFile: Origin = {
		source: 'configuration file',
		values: file.values,
		label: (setting) => `${setting} in the configuration file ${file.where(setting)}`,
		folder: dirname(file.path),
	};
	const chosen = chosenConnection(flags, file);
	const merged = merge([fromFlags, ...(chosen ? [originOf(chosen, file)] : []), fromFile]);
	checkTls(merged);
	const {settings, sources} = withoutUrlIfPrivate(merged);
	if (settings.faketime && sources.faketime === 'flag' && settings.url !== undefined)
		throw new UsageError('--faketime is for a private Redis, and a URL is given: leave one of them out');
	// Flags such as the certificate authority, and above all --insecure, are meant for one Redis, and do not apply to others.
	const {readOnly, deadline, delimiter} = flags;
	const fromFewFlags = {...fromFlags, values: {readOnly, deadline, delimiter}};
	return {
		settings: {
			...settings,
			connection: chosen?.name,
			connections: file.connections.map((raw) => {
				const origins = [raw === chosen ? fromFlags : fromFewFlags, originOf(raw, file), fromFile];
				return namedConnection(raw, merge(origins));
			}),
			elsewhere: reachOf(merge([chosen ? fromFewFlags : fromFlags, fromFile])),
		},
		sources,
	};
}

const reachOf = ({settings: {ca, cert, key, insecure, deadline, readOnly}}: MergedSettings): Reach => ({
	ca,
	cert,
	key,
	insecure,
	deadline,
	readOnly,
});

/** The connection that flags or the configuration file name; `--url`, `--embedded` and `--private` override that of the file. */
function chosenConnection(
	flags: Flags,
	{values, connections, where}: Omit<ConfigFile, 'exists'>,
): RawConnection | undefined {
	const other = (['url', 'embedded', 'private'] as const).find((name) => flags[name]);
	if (other !== undefined) {
		if (flags.connection !== undefined)
			throw new UsageError(`--connection and --${other} contradict each other: give one of them`);
		return undefined;
	}
	if (flags.connection === undefined && values.connection !== undefined && values.url !== undefined)
		throw new UsageError(
			`connection in the configuration file ${where('connection')} and its url contradict each other: remove one of them`,
		);
	const name = flags.connection ?? values.connection;
	if (name === undefined) return undefined;
	const found = connections.find((each) => each.name === name);
	if (found) return found;
	const label =
		flags.connection === undefined ? `connection in the configuration file ${where('connection')}` : '--connection';
	if (connections.length === 0)
		throw new UsageError(
			`${label}: the configuration file has no connections; see --print-config for its path, and "Named connections" in the guide for an example`,
		);
	const names = connections.map((each) => each.name);
	const meant = closestMatch(String(name), names, {maxDistance: 3});
	throw new UsageError(
		`${label}: there is no connection ${JSON.stringify(name)}; ${meant ? `did you mean ${meant}?` : `there are ${names.join(', ')}`}`,
	);
}

function originOf({name, values: {color: _, ...values}, where}: RawConnection, file: Pick<ConfigFile, 'path'>): Origin {
	return {
		source: 'connection',
		values,
		label: (setting) => `${setting} of the connection ${name} in the configuration file ${where(setting)}`,
		folder: dirname(file.path),
	};
}

function namedConnection({name, values, where}: RawConnection, {settings}: MergedSettings): NamedConnection {
	const place = `in the configuration file ${where()}`;
	readName(name, `the name of a connection ${place}`);
	if (name === 'private')
		throw new UsageError(`a connection ${place} is called private, which means a private Redis: rename it`);
	if (values.url === undefined) throw new UsageError(`the connection ${name} ${place} has no url`);
	const {url = '', ca, cert, key, insecure, deadline, readOnly, delimiter} = settings;
	const color =
		values.color === undefined
			? undefined
			: choice(values.color, `color of the connection ${name} ${place}`, connectionColors);
	return {name, url, tls: {ca, cert, key, insecure}, deadlineMs: deadline, readOnly, delimiter, color};
}

/** A TLS flag without effect is an error. In the configuration file it is allowed, for connections that do use TLS. */
function checkTls({settings, sources}: MergedSettings): void {
	const {url, cert, key} = settings;
	const flag = (['ca', 'cert', 'key', 'insecure'] as const).find((name) => sources[name] === 'flag' && settings[name]);
	if (flag !== undefined && !/^(?:ssh:.*\/)?rediss/i.test(url ?? ''))
		throw new UsageError(`--${flag} is for a Redis with TLS: give --url rediss://…`);
	if (cert !== undefined && key === undefined) throw new UsageError('a certificate needs its private key: give --key');
	if (key !== undefined && cert === undefined) throw new UsageError('a private key needs its certificate: give --cert');
}

/**
 * `--embedded` and `--private` request a Redis that the program starts, so they override a URL from another source, and
 * contradict `--url`.
 */
function withoutUrlIfPrivate({settings, sources}: MergedSettings): MergedSettings {
	if (settings.embedded && settings.private !== undefined)
		throw new UsageError(
			`--embedded and --private ${settings.private} contradict each other: the built-in server is a single server`,
		);
	const asking = settings.embedded ? 'embedded' : settings.private === undefined ? undefined : 'private';
	if (asking === undefined || settings.url === undefined) return {settings, sources};
	if (sources.url === sources[asking])
		throw new UsageError(`--url and --${asking} contradict each other: give one of them`);
	return sources.url === 'flag'
		? {settings: {...settings, embedded: false, private: undefined}, sources: {...sources, [asking]: 'flag'}}
		: {settings: {...settings, url: undefined}, sources: {...sources, url: 'flag'}};
}
