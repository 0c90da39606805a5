import {DrillFileError} from '../drills/file/drill-errors.js';
import {oneLine} from '../engine/one-line.js';
import {exitCodeOf, exitCodes} from './exit-code.js';
import {chooseMode, type RunMode} from './modes/choose-mode.js';
import {type Output, openOutput} from './output.js';
import {readConfigFile} from './settings/config-file.js';
import {parseArguments} from './settings/parse-arguments.js';
import {printConfig} from './settings/print-config.js';
import {resolveSettings} from './settings/resolve-settings.js';
import type {Settings} from './settings/settings.js';
import {settingsForDrill, unusedUrl} from './settings/target-url.js';

/**
 * Runs the program and returns its exit code. An error is reported as one line on standard error, the problems of a drill file
 * as one line each.
 */
export async function main(argv: readonly string[], output: Output = openOutput()): Promise<number> {
	try {
		const code = await run(argv, output);
		await output.written();
		return output.failed ? exitCodes.outputFailed : code;
	} catch (error) {
		const lines = error instanceof DrillFileError ? error.lines : [oneLine(error)];
		for (const line of lines) output.err(`redis-cache-tui: ${line}\n`);
		return exitCodeOf(error);
	}
}

async function run(argv: readonly string[], output: Output): Promise<number> {
	const {words, flags, help, version} = parseArguments(argv);
	if (flags.help || flags.version) {
		output.out(flags.help ? help : `${version}\n`);
		return exitCodes.fine;
	}
	const file = await readConfigFile();
	const resolved = resolveSettings(flags, file);
	const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
	const mode = chooseMode(words, flags, resolved, isTerminal);
	if (mode.kind === 'print-config') {
		output.data(printConfig(resolved, file));
		return exitCodes.fine;
	}
	const settings = mode.kind === 'drill' ? settingsForDrill(resolved) : resolved.settings;
	const hasRedis = mode.kind !== 'list-drills' && mode.kind !== 'list-live' && mode.kind !== 'attach';
	const note = hasRedis ? unusedUrl(settings, resolved, process.env) : undefined;
	if (note !== undefined) output.err(`redis-cache-tui: ${note}\n`);
	return runMode(mode, settings, output);
}

/** Imports each mode only when it runs, so that the dashboard does not load the code of reports, nor a report React. */
async function runMode(
	mode: Exclude<RunMode, {kind: 'print-config'}>,
	settings: Settings,
	output: Output,
): Promise<number> {
	switch (mode.kind) {
		case 'dashboard':
			return (await import('./modes/dashboard-mode.js')).runDashboardMode(settings, output);
		case 'once':
			return (await import('./modes/once-mode.js')).runOnce(settings, mode.format, output);
		case 'keys':
			return (await import('./modes/keys-mode.js')).printKeys(mode.pattern, mode.format, settings, output);
		case 'tap':
			return (await import('./modes/tap/run-tap.js')).runTap(mode, settings, output);
		case 'list-live':
			return (await import('./modes/attach/list-live.js')).listLive(mode.format, output);
		case 'attach':
			return (await import('./modes/attach/run-attach.js')).runAttach(mode, settings, output);
		case 'list-drills':
			return (await import('./modes/drill-mode.js')).printDrills(mode.format, output);
		case 'drill':
			return (await import('./modes/drill-mode.js')).runDrills(mode, settings, output);
	}
}
