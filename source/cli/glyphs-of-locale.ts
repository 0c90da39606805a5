/** Unicode where the locale says UTF-8, else ASCII. */
export function glyphsOfLocale(environment: NodeJS.ProcessEnv): 'unicode' | 'ascii' {
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	return /utf-?8/i.test(locale) ? 'unicode' : 'ascii';
}
