import type {ResolvedSettings, Settings} from './settings.js';

/** True if the command line names a Redis: drills may then write there. */
export function isNamedByFlags({sources}: ResolvedSettings): boolean {
	return sources.url === 'flag' || (sources.url === 'connection' && sources.connection === 'flag');
}

/**
 * The settings for a drill. Because a drill writes, only a URL from `--url` or `--connection` is used: one in the configuration
 * file is for the dashboard, and is not permission to write there.
 */
export function settingsForDrill(resolved: ResolvedSettings): Settings {
	const {settings} = resolved;
	if (isNamedByFlags(resolved)) return settings;
	return {...settings, ...settings.elsewhere, url: undefined, connection: undefined};
}

/**
 * One line about a URL that is configured but not used: without `--url`, the program never touches a Redis that it did
 * not start. Undefined if there is no such URL.
 *
 * @param used The settings in use.
 */
export function unusedUrl(
	used: Settings,
	resolved: ResolvedSettings,
	environment: NodeJS.ProcessEnv,
): string | undefined {
	const {settings} = resolved;
	if (used.url !== undefined || settings.embedded || settings.private !== undefined || isNamedByFlags(resolved))
		return undefined;
	if (settings.connection !== undefined)
		return `drills do not use the connection of the configuration file, and run on a private Redis: give --connection ${settings.connection} to run them there`;
	if (settings.url !== undefined)
		return 'drills do not use the url of the configuration file, and run on a private Redis: give --url to run them on yours';
	if (!environment.REDIS_URL) return undefined;
	return '$REDIS_URL is ignored, and a private Redis is used: give --url "$REDIS_URL" to use that one';
}
