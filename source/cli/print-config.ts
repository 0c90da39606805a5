import {redactUrl} from '../pool/redis-url.js';
import type {ConfigFile} from './config-file.js';
import {type ResolvedSettings, settingNames} from './settings.js';

/** The settings in force as JSON that could be a configuration file, with their origins; no credential in it. */
export function printConfig(resolved: ResolvedSettings, file: ConfigFile): string {
	const settings = Object.fromEntries(
		settingNames.map((name) => {
			const value = resolved.settings[name];
			return [
				name,
				{
					value: name === 'url' && typeof value === 'string' ? redactUrl(value) : (value ?? null),
					from: resolved.sources[name],
				},
			];
		}),
	);
	return `${JSON.stringify({file: file.path, fileExists: file.exists, settings}, null, 2)}\n`;
}
