import {closestMatch} from 'leven';
import {oneLine} from '../engine/one-line.js';
import {parseRedisUrl} from '../pool/redis-url.js';
import type {Flags} from './parse-arguments.js';
import type {ResolvedSettings, Settings} from './settings.js';
import {UsageError} from './usage-error.js';

export type ReportFormat = NonNullable<Settings['report']>;

/** The ways in which the program can run. */
export type RunMode =
	| {readonly kind: 'dashboard'}
	| {readonly kind: 'once'; readonly format: 'text' | 'json'}
	| {readonly kind: 'print-config'}
	| {readonly kind: 'list-drills'; readonly format: 'text' | 'json'}
	/** `undefined`: the default drill. */
	| {readonly kind: 'drill'; readonly drill: string | 'all' | undefined; readonly format: ReportFormat};

const contradiction = (left: string, right: string) =>
	new UsageError(`${left} and ${right} contradict each other: give one of them`);

function drillMode(words: readonly string[], {settings, sources}: ResolvedSettings, flags: Flags): RunMode {
	const [drill, ...rest] = words;
	if (flags.once) throw contradiction('drill', '--once');
	if (rest.length > 0)
		throw new UsageError(`drill takes one name or file, not ${words.length}: see redis-cache-tui drill`);
	// Where it is a setting for all drills to come, the list has nothing to do with it.
	if (drill === undefined && settings.report === 'junit' && sources.report === 'flag')
		throw new UsageError(
			'--report junit is of a drill that was run: name one, or all; redis-cache-tui drill lists them, with --json as JSON',
		);
	if (drill === undefined) return {kind: 'list-drills', format: settings.report === 'json' ? 'json' : 'text'};
	if (settings.readOnly) throw new UsageError('a drill writes to Redis: leave out --read-only');
	return {kind: 'drill', drill, format: settings.report ?? 'text'};
}

/** A person may not know that a URL is set elsewhere than on the command line. */
function checkUrl(url: string, {sources}: ResolvedSettings): void {
	try {
		parseRedisUrl(url);
	} catch (error) {
		const from = {flag: '', default: '', environment: '$REDIS_URL: ', 'configuration file': 'configuration file: '}[
			sources.url
		];
		throw new UsageError(`${from}${oneLine(error)}`, {cause: error});
	}
}

/**
 * @param isTerminal whether both a screen and a keyboard are there
 * @throws {UsageError} for what cannot be meant
 */
export function chooseMode(
	words: readonly string[],
	flags: Flags,
	resolved: ResolvedSettings,
	isTerminal: boolean,
): RunMode {
	const {settings} = resolved;
	if (flags.printConfig) return {kind: 'print-config'};
	const [command, ...rest] = words;
	// A list of drills has no use for a URL, nor for what is wrong with it.
	if (settings.url !== undefined && !(command === 'drill' && rest.length === 0)) checkUrl(settings.url, resolved);
	if (command === 'drill') return drillMode(rest, resolved, flags);
	if (command !== undefined) {
		const meant = closestMatch(command, ['drill'], {maxDistance: 2});
		throw new UsageError(
			`unknown command ${JSON.stringify(command)}; ${meant ? `did you mean ${meant}?` : 'see --help'}`,
		);
	}
	if (flags.once) {
		if (settings.report === 'junit') throw contradiction('--once', '--report junit');
		return {kind: 'once', format: settings.report ?? 'text'};
	}
	if (isTerminal && settings.report === undefined) return {kind: 'dashboard'};
	if (settings.url !== undefined) {
		throw new UsageError(
			'without a terminal there is no dashboard, and a drill would write to your Redis: give --once for a snapshot, or name a drill',
		);
	}
	if (settings.readOnly)
		throw new UsageError(
			'without a terminal a drill would run, and it writes to Redis: leave out --read-only, or give --once',
		);
	return {kind: 'drill', drill: undefined, format: settings.report ?? 'text'};
}
