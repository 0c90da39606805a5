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
	const connections = Object.fromEntries(
		resolved.settings.connections.map(({name, url, tls, ...rest}) => [name, {url: redactUrl(url), ...tls, ...rest}]),
	);
	return `${JSON.stringify({file: file.path, fileExists: file.exists, settings, connections}, null, 2)}\n`;
}
