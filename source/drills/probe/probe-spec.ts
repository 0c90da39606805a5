import {redactUrl} from '../../pool/redis-url.js';
import {parseDuration} from '../../text/duration.js';
import {ProbeError} from './probe-error.js';

/** A page of an application that is requested regularly while a drill runs. Serializable. */
export type ProbeSpec = {
	readonly url: string;
	/** The URL without credentials, for reports. */
	readonly name: string;
	readonly method: string;
	/** May contain secrets: not for reports. */
	readonly headers: Readonly<Record<string, string>>;
	/** Ranges of the statuses that count as available. */
	readonly statuses: readonly StatusRange[];
	/** Milliseconds in which the reply must have ended. */
	readonly timeoutMs: number;
};

type StatusRange = {readonly from: number; readonly to: number};

/** Values from the command line. */
export type ProbeSettings = {
	/** Default `GET`. */
	readonly method?: string | undefined;
	/** Each `name: value`. */
	readonly headers?: readonly string[] | undefined;
	/** Such as `200-299,404`. Default `200-299`. */
	readonly status?: string | undefined;
	/** Such as `500ms`, at most a minute. Default one second. */
	readonly timeout?: string | undefined;
};

const longestMs = 60_000;

/** @throws {ProbeError} A value is not valid. */
export function parseProbe(url: string, settings: ProbeSettings = {}): ProbeSpec {
	const {method = 'GET', headers = [], status = '200-299', timeout = '1s'} = settings;
	const name = redactUrl(url);
	if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
		throw new ProbeError(
			`--probe must be an http:// or https:// URL, such as http://localhost:3000/users/1${notThis(url)}`,
		);
	if (!/^[A-Za-z]{1,20}$/.test(method))
		throw new ProbeError(`--probe-method must be 1 to 20 letters, such as HEAD, not ${JSON.stringify(method)}`);
	return {
		url,
		name,
		method: method.toUpperCase(),
		headers: Object.fromEntries(headers.map(headerOf)),
		statuses: status.split(',').map(rangeOf),
		timeoutMs: timeoutOf(timeout),
	};
}

/** The statuses as they were written: `200-299, 404`. */
export function formatStatuses(statuses: ProbeSpec['statuses']): string {
	return statuses.map(({from, to}) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** Quotes a value only if it cannot contain a password. */
const notThis = (value: string) => (/^[\w.:/-]*$/.test(value) ? `, not ${JSON.stringify(value)}` : '');

/** No message quotes the value, which may be a secret. */
function headerOf(text: string): [string, string] {
	const [, name = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\r\n]*)$/.exec(text) ?? [];
	if (name === '') throw new ProbeError('--probe-header must be "name: value", such as "accept: text/html"');
	return [name, value];
}

function rangeOf(text: string): StatusRange {
	const [, from = '', to = from] = /^\s*([1-5]\d\d)(?:-([1-5]\d\d))?\s*$/.exec(text) ?? [];
	if (from === '' || Number(to) < Number(from))
		throw new ProbeError(
			`--probe-status must be statuses from 100 to 599, such as 200, 200-299 or 200,404, not ${JSON.stringify(text)}`,
		);
	return {from: Number(from), to: Number(to)};
}

function timeoutOf(text: string): number {
	const ms = parseDuration(text);
	if (ms !== undefined && ms >= 1 && ms <= longestMs) return ms;
	throw new ProbeError(
		`--probe-timeout must be a time from 1ms to 60s, such as 500ms or 2s, not ${JSON.stringify(text)}`,
	);
}
