/** Unicode where the locale is UTF-8, except on the Linux console, whose fonts lack most of the characters. */
export function localeGlyphs(environment: NodeJS.ProcessEnv): 'unicode' | 'ascii' {
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	return /utf-?8/i.test(locale) && environment.TERM !== 'linux' ? 'unicode' : 'ascii';
}
