import {closestMatch} from 'leven';
import type {Flags} from '../settings/parse-arguments.js';
import type {ResolvedSettings, Settings} from '../settings/settings.js';
import {refuseTapFlags, type TapSettings, tapSettings} from '../settings/tap-settings.js';
import {isNamedByFlags, settingsForDrill} from '../settings/target-url.js';
import {UsageError} from '../settings/usage-error.js';
import {type AttachMode, attachMode, type ListLiveMode} from './attach/attach-mode.js';
import {type DrillOptions, drillOptionsOf, refuseDrillFlags} from './drill-options.js';

export type {AttachMode};

export type ReportFormat = NonNullable<Settings['report']>;

/** The ways in which the program runs. */
export type RunMode =
	| {readonly kind: 'dashboard'}
	| {readonly kind: 'once'; readonly format: 'text' | 'json'}
	| {readonly kind: 'keys'; readonly pattern: string; readonly format: 'text' | 'json'}
	| TapMode
	| AttachMode
	| ListLiveMode
	| {readonly kind: 'print-config'}
	| {readonly kind: 'list-drills'; readonly format: 'text' | 'json'}
	/** `drill` undefined: the default drill. */
	| {
			readonly kind: 'drill';
			readonly drill: string | 'all' | undefined;
			readonly format: ReportFormat;
			readonly options: DrillOptions;
	  };

/** The tap: on a screen, as lines and a report, or one snapshot. `format` of a dashboard: that of the report in a file. */
export type TapMode = {readonly kind: 'tap'; readonly tap: TapSettings} & (
	| {readonly view: 'dashboard' | 'lines'; readonly format: TapFormat}
	| {readonly view: 'once'; readonly format: 'text' | 'json'}
);

export type TapFormat = Exclude<ReportFormat, 'junit'>;

const contradiction = (left: string, right: string) =>
	new UsageError(`${left} and ${right} contradict each other: give one of them`);

/** The format, unless it is one that only reports of drills have. */
function anyFormat(report: Settings['report']): 'text' | 'json' | undefined {
	if (report === undefined) return 'text';
	return report === 'text' || report === 'json' ? report : undefined;
}

function drillMode(words: readonly string[], resolved: ResolvedSettings, flags: Flags): RunMode {
	const {settings, sources} = resolved;
	const [drill, ...rest] = words;
	if (flags.once) throw contradiction('drill', '--once');
	if (rest.length > 0)
		throw new UsageError(`drill takes one name or file, not ${words.length}: see redis-cache-tui drill`);
	// The setting of the configuration file applies to reports of drills, not to their list.
	const format = anyFormat(settings.report);
	if (drill === undefined && format === undefined && sources.report === 'flag')
		throw new UsageError(`--report ${settings.report} needs a drill to run: give the name of one, or all`);
	const options = drillOptionsOf(flags);
	if (drill === undefined) refuseDrillFlags(flags);
	if (drill === undefined) return {kind: 'list-drills', format: format ?? 'text'};
	if (settingsForDrill(resolved).readOnly) {
		const byConnection = sources.readOnly === 'connection';
		throw new UsageError(
			`a drill writes to Redis${byConnection ? `, and the connection ${settings.connection} is read-only` : ': leave out --read-only'}`,
		);
	}
	return {kind: 'drill', drill, format: settings.report ?? 'text', options};
}

function keysMode(words: readonly string[], {settings}: ResolvedSettings, flags: Flags): RunMode {
	if (flags.once) throw contradiction('keys', '--once');
	if (words.length > 0) throw new UsageError(`keys takes no name: write keys --pattern ${JSON.stringify(words[0])}`);
	const format = anyFormat(settings.report);
	if (format === undefined) throw contradiction('keys', `--report ${settings.report}`);
	// A private Redis would be empty.
	if (settings.url === undefined) throw new UsageError('keys needs a Redis: give --url or --connection');
	return {kind: 'keys', pattern: flags.pattern ?? '*', format};
}

function tapMode(words: readonly string[], resolved: ResolvedSettings, flags: Flags, isTerminal: boolean): RunMode {
	const {settings, sources} = resolved;
	if (words.length > 0) throw new UsageError(`tap takes no name: write tap --url ${words[0]}`);
	if (flags.subject !== undefined) throw contradiction('tap', '--subject');
	// The setting of the configuration file applies to drills only.
	const asked = sources.report === 'flag' ? settings.report : undefined;
	if (asked === 'junit') throw contradiction('tap', '--report junit');
	const tap = tapSettings(flags);
	const format = asked ?? formatOfFile(tap.output);
	// A report on standard output leaves no room for a screen.
	const isPrinted = asked !== undefined && tap.output === undefined;
	if (isTerminal && !flags.lines && !flags.once && !isPrinted && process.env.TERM !== 'dumb')
		return {kind: 'tap', tap, view: 'dashboard', format: format ?? 'text'};
	if (tap.probes.length > 0)
		throw new UsageError(
			'--probe with tap is for drills from the dashboard, and there is no dashboard here: write redis-cache-tui drill <name> --probe <url>',
		);
	if (flags.once) {
		if (tap.output !== undefined) throw contradiction('--once', '--output');
		const once = anyFormat(asked);
		if (once === undefined) throw contradiction('--once', `--report ${asked}`);
		return {kind: 'tap', tap, view: 'once', format: once};
	}
	const configured = settings.report === 'junit' ? undefined : settings.report;
	return {kind: 'tap', tap, view: 'lines', format: format ?? configured ?? 'text'};
}

/** The report format by the extension of a file name. */
function formatOfFile(path: string | undefined): TapFormat | undefined {
	if (path === undefined) return undefined;
	if (/\.html?$/i.test(path)) return 'html';
	return /\.json$/i.test(path) ? 'json' : undefined;
}

/**
 * Chooses how to run.
 *
 * @param isTerminal True if both standard input and output are terminals.
 * @throws {UsageError} Arguments and settings contradict each other, or do not fit the command.
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
	if (command === 'attach') return attachMode(rest, resolved, flags, isTerminal);
	if (command === 'keys') refuseDrillFlags(flags);
	if (command === 'keys') return keysMode(rest, resolved, flags);
	if (flags.pattern !== undefined)
		throw new UsageError('--pattern chooses what keys prints: write redis-cache-tui keys --pattern <glob>');
	if (command === 'tap') return tapMode(rest, resolved, flags, isTerminal);
	refuseTapFlags(flags);
	if (command === 'drill') return drillMode(rest, resolved, flags);
	refuseDrillFlags(flags);
	if (command !== undefined) {
		const meant = closestMatch(command, ['attach', 'drill', 'keys', 'tap'], {maxDistance: 2});
		throw new UsageError(
			`unknown command ${JSON.stringify(command)}; ${meant ? `did you mean ${meant}?` : 'see --help'}`,
		);
	}
	if (flags.once) {
		const format = anyFormat(settings.report);
		if (format === undefined) throw contradiction('--once', `--report ${settings.report}`);
		return {kind: 'once', format};
	}
	if (isTerminal && settings.report === undefined) return {kind: 'dashboard'};
	if (isNamedByFlags(resolved) && settings.url !== undefined) {
		throw new UsageError(
			'there is no terminal for the dashboard, and the default drill would write to your Redis: give --once for a snapshot, or the name of a drill',
		);
	}
	if (settings.readOnly)
		throw new UsageError(
			'there is no terminal for the dashboard, and the default drill writes to Redis: leave out --read-only, or give --once',
		);
	return {kind: 'drill', drill: undefined, format: settings.report ?? 'text', options: drillOptionsOf({})};
}
