import type {ResolvedSettings, Settings} from './settings.js';

/** True if the command line names a Redis: then that is where drills may write. */
export function isNamedByFlags({sources}: ResolvedSettings): boolean {
	return sources.url === 'flag' || (sources.url === 'connection' && sources.connection === 'flag');
}

/**
 * The settings for a drill. A drill writes, so of all URLs only that of `--url` or `--connection` counts: one in the
 * configuration file is where the dashboard looks, and not a request to write there.
 */
export function settingsForDrill(resolved: ResolvedSettings): Settings {
	const {settings} = resolved;
	if (isNamedByFlags(resolved)) return settings;
	return {...settings, ...settings.elsewhere, url: undefined, connection: undefined};
}

/**
 * One line about a URL that is configured but not used: without `--url`, the program never touches a Redis that it did
 * not start. Undefined if there is none.
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
