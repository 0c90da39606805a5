import {resolve} from 'node:path';
import type {ProbeSpec} from '../../drills/probe/probe-spec.js';
import {parseDuration} from '../../text/duration.js';
import type {Flags} from './parse-arguments.js';
import {probesOf} from './probe-settings.js';
import {UsageError} from './usage-error.js';

/** The options of `tap` alone. */
export type TapSettings = {
	/** Address that the application connects to. */
	readonly listen: {readonly host: string; readonly port: number};
	/** Milliseconds after which the program ends. Undefined: it ends at a signal. */
	readonly forMs: number | undefined;
	readonly hideKeys: boolean;
	/** Pages of the application that are requested regularly during drills started from the dashboard. */
	readonly probes: readonly ProbeSpec[];
	/** File for the report. Undefined: standard output. */
	readonly output: string | undefined;
};

const defaultListen = {host: '127.0.0.1', port: 6380};

/** Longest delay of a Node.js timer, in milliseconds. */
const maxForMs = 2 ** 31 - 1;

/**
 * Reads the flags of `tap`.
 *
 * @throws {UsageError} An address or a duration cannot be read.
 */
export function tapSettings(flags: Flags): TapSettings {
	return {
		listen: flags.listen === undefined ? defaultListen : parseAddress(flags.listen),
		forMs: durationOfRun(flags),
		hideKeys: flags.hideKeys === true,
		probes: probesOf(flags),
		output: flags.output === undefined ? undefined : resolve(flags.output),
	};
}

/** @throws {UsageError} A flag is given that belongs to `tap`, or to `tap` and `attach`, alone. */
export function refuseTapFlags(flags: Flags): void {
	const given = (['for', 'output', 'lines'] as const).find((name) => flags[name] !== undefined);
	if (given === undefined) return;
	const owner = given === 'output' ? 'tap' : 'tap and attach';
	throw new UsageError(`--${given} belongs to ${owner}: write redis-cache-tui tap --${given} …`);
}

function parseAddress(text: string): TapSettings['listen'] {
	if (/^rediss:/i.test(text))
		throw new UsageError(
			'--listen cannot be rediss://: the application connects to the tap without TLS, as a rule on this machine, and the tap speaks TLS to the Redis at --url; give an address such as 127.0.0.1:6380',
		);
	const [, host = defaultListen.host, digits = ''] = /^(?:(\[[\da-f:.]+\]|[^:[\]\s/]+):)?(\d{1,5})$/i.exec(text) ?? [];
	const port = Number(digits);
	if (digits === '' || port > 65_535)
		throw new UsageError(
			`--listen must be an address such as 127.0.0.1:6380, or a port from 1 to 65535 (0: any free port), not ${JSON.stringify(text)}`,
		);
	return {host: host.replace(/^\[|\]$/g, ''), port};
}

/**
 * Milliseconds after which a command that otherwise runs until a signal ends. Undefined: at a signal.
 *
 * @throws {UsageError} The value is not a duration.
 */
export function durationOfRun({for: text}: Flags): number | undefined {
	if (text === undefined) return undefined;
	const ms = parseDuration(text, 'required');
	if (ms === undefined || ms <= 0 || ms > maxForMs)
		throw new UsageError(
			`--for must be a duration from 1ms to 24d with its unit, such as 60s or 5m, not ${JSON.stringify(text)}`,
		);
	return ms;
}
