import {type GlyphSet, glyphsOfLocale} from '../../text/glyph-set.js';

/** Unicode where the locale is UTF-8, except on the Linux console, whose fonts lack most of the characters. */
export function localeGlyphs(environment: NodeJS.ProcessEnv): GlyphSet {
	return environment.TERM === 'linux' ? 'ascii' : glyphsOfLocale(environment);
}
