import {expect, it} from 'vitest';
import {glyphsOfLocale} from '../../source/text/glyph-set.js';

it.each<[NodeJS.ProcessEnv, 'unicode' | 'ascii']>([
	[{LANG: 'en_US.UTF-8'}, 'unicode'],
	[{LANG: 'en_US.utf8', TERM: 'xterm-256color'}, 'unicode'],
	[{LANG: 'en_US.UTF-8', TERM: 'linux'}, 'ascii'],
	[{LANG: 'en_US.UTF-8', LC_CTYPE: 'C'}, 'ascii'],
	[{LANG: 'C', LC_CTYPE: 'C', LC_ALL: 'C.UTF-8'}, 'unicode'],
	[{LC_ALL: '', LC_CTYPE: 'de_DE.UTF-8'}, 'unicode'],
	[{LANG: 'C'}, 'ascii'],
	[{}, 'ascii'],
])('the locale in %j has %s glyphs', (environment, glyphs) => {
	expect(glyphsOfLocale(environment)).toBe(glyphs);
});
