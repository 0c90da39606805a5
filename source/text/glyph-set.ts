import {toAscii} from './to-ascii.js';

export const glyphSets = ['unicode', 'ascii'] as const;

/** The characters that an output may contain: all, or only ASCII. */
export type GlyphSet = (typeof glyphSets)[number];

/** Unicode where the locale is UTF-8, except on the Linux console, whose fonts lack most of the characters. */
export function glyphsOfLocale(environment: NodeJS.ProcessEnv): GlyphSet {
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
	return /utf-?8/i.test(locale) && environment.TERM !== 'linux' ? 'unicode' : 'ascii';
}

/** The text with characters that the output supports: with `ascii`, all others are replaced. */
export function inGlyphs(text: string, glyphs: GlyphSet): string {
	return glyphs === 'ascii' ? toAscii(text) : text;
}
