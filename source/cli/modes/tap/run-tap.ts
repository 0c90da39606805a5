import {access, constants, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {oneLine} from '../../../engine/one-line.js';
import type {Output} from '../../output.js';
import type {Settings} from '../../settings/settings.js';
import {UsageError} from '../../settings/usage-error.js';
import type {TapMode} from '../choose-mode.js';

/**
 * Runs the tap until its time is over, a signal arrives, or the user quits. Returns the exit code.
 *
 * @throws {UsageError} The report cannot be written.
 * @throws {EngineError} The tap cannot listen, or cannot reach Redis.
 */
export async function runTap(mode: TapMode, settings: Settings, output: Output): Promise<number> {
	const {tap} = mode;
	await checkFile(tap.output);
	switch (mode.view) {
		case 'dashboard':
			return (await import('./tap-dashboard.js')).showTap(tap, mode.format, settings, output);
		case 'lines':
			return (await import('./tap-lines.js')).printTap(tap, mode.format, settings, output);
		case 'once':
			return (await import('./tap-once.js')).printTapOnce(tap, mode.format, settings, output);
	}
}

/** Checks before the run that the report can be written. @throws {UsageError} The file cannot be written. */
async function checkFile(path: string | undefined): Promise<void> {
	if (path === undefined) return;
	const folder = dirname(path);
	await access(folder, constants.W_OK).catch((error: unknown) => {
		throw new UsageError(`--output: nothing can be written in ${folder}: ${oneLine(error)}`);
	});
	const isFolder = await stat(path).then(
		(found) => found.isDirectory(),
		() => false,
	);
	if (isFolder) throw new UsageError(`--output must name a file, and ${path} is a folder`);
}
