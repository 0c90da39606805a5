import {toAscii} from './to-ascii.js';

/** The characters that an output may have: all, or those of ASCII only. */
export type GlyphSet = 'unicode' | 'ascii';

/** Unicode if the locale is a UTF-8 one, else ASCII. */
export function glyphsOfLocale(environment: NodeJS.ProcessEnv): GlyphSet {
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	return /utf-?8/i.test(locale) ? 'unicode' : 'ascii';
}

/** The text as it may be put out: with `ascii`, all other characters are replaced. */
export function inGlyphs(text: string, glyphs: GlyphSet): string {
	return glyphs === 'ascii' ? toAscii(text) : text;
}
