import type {Flags} from '../../settings/parse-arguments.js';
import {isGiven} from '../../settings/probe-settings.js';
import type {ResolvedSettings} from '../../settings/settings.js';
import {flagOf} from '../../settings/settings.js';
import {durationOfRun} from '../../settings/tap-settings.js';
import {UsageError} from '../../settings/usage-error.js';

/** A live process: on a screen, as lines, or one snapshot. */
export type AttachMode = {
	readonly kind: 'attach';
	/** A name, a process id, or a process id with the number of a cache. */
	readonly who: string;
	readonly view: 'dashboard' | 'lines' | 'once';
	readonly format: 'text' | 'json';
	/** Milliseconds after which the program ends. Undefined: it ends at a signal. */
	readonly forMs: number | undefined;
};

export type ListLiveMode = {readonly kind: 'list-live'; readonly format: 'text' | 'json'};

/** Flags that choose a Redis, which a live process has already, or that belong to other commands. */
const foreign = [
	'url',
	'connection',
	'embedded',
	'private',
	'faketime',
	'listen',
	'output',
	'hideKeys',
	'subject',
	'probe',
	'probeMethod',
	'probeHeader',
	'probeStatus',
	'probeTimeout',
	'pattern',
] as const satisfies readonly (keyof Flags)[];

/** @throws {UsageError} An argument or a flag cannot be used with `attach`. */
export function attachMode(
	[who, ...rest]: readonly string[],
	{settings, sources}: ResolvedSettings,
	flags: Flags,
	isTerminal: boolean,
): AttachMode | ListLiveMode {
	const misplaced = foreign.find((name) => isGiven(flags, name));
	if (misplaced !== undefined)
		throw new UsageError(`${flagOf(misplaced)} is not for attach, which uses the Redis of the process: leave it out`);
	if (rest.length > 0) throw new UsageError('attach takes one name or process id: see redis-cache-tui attach');
	// The setting of the configuration file applies to drills only.
	const format = sources.report === 'flag' ? (settings.report ?? 'text') : 'text';
	if (format !== 'text' && format !== 'json')
		throw new UsageError(`attach and --report ${format} contradict each other: give text or json`);
	if (who === undefined) {
		const unused = (['once', 'lines', 'for'] as const).find((name) => flags[name] !== undefined);
		if (unused !== undefined)
			throw new UsageError(`${flagOf(unused)} needs a process: write redis-cache-tui attach <name> ${flagOf(unused)}`);
		return {kind: 'list-live', format};
	}
	const forMs = durationOfRun(flags);
	const hasScreen = isTerminal && process.env.TERM !== 'dumb' && !flags.lines && format === 'text';
	return {kind: 'attach', who, view: flags.once ? 'once' : hasScreen ? 'dashboard' : 'lines', format, forMs};
}
