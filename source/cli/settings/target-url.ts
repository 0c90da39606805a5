import type {ResolvedSettings, Settings} from './settings.js';

/**
 * The settings for a drill. A drill writes, so of all URLs only that of `--url` counts: one in the configuration file is
 * where the dashboard looks, and not a request to write there.
 */
export function settingsForDrill({settings, sources}: ResolvedSettings): Settings {
	return sources.url === 'flag' ? settings : {...settings, url: undefined};
}

/**
 * One line about a URL that someone may take for the one in use, and is not: without `--url`, the program never touches a
 * Redis that it did not start. Undefined if there is none.
 *
 * @param used The settings in use.
 */
export function unusedUrl(
	used: Settings,
	{settings, sources}: ResolvedSettings,
	environment: NodeJS.ProcessEnv,
): string | undefined {
	if (used.url !== undefined || settings.embedded || sources.url === 'flag') return undefined;
	if (settings.url !== undefined)
		return 'drills do not use the url of the configuration file, and run on a private Redis: give --url to run them on yours';
	if (!environment.REDIS_URL) return undefined;
	return '$REDIS_URL is not used, a private Redis is: give --url "$REDIS_URL" to work on that one';
}
