/** Unicode if the locale is a UTF-8 one, else ASCII. */
export function glyphsOfLocale(environment: NodeJS.ProcessEnv): 'unicode' | 'ascii' {
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	return /utf-?8/i.test(locale) ? 'unicode' : 'ascii';
}
