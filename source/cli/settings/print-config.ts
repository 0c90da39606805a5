import {redactUrl} from '../../pool/redis-url.js';
import type {ConfigFile} from './config-file.js';
import {type ResolvedSettings, settingNames} from './settings.js';

/** Formats the settings and their origins as JSON, without credentials. */
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
