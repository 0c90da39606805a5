import {expect, test} from 'vitest';
import {widthOf} from '../../source/text/cells.js';
import {glyphsOfLocale, inGlyphs} from '../../source/text/glyph-set.js';
import {toAscii} from '../../source/text/to-ascii.js';
import {asciiOnly, unicodeSample} from '../support/unicode-sample.js';

test('plain ASCII takes as many cells as what it stands for', () => {
	expect(toAscii('12 µs ≤ 5 ± 1 …')).toBe('12 us < 5 ~ 1 ~');
	expect(toAscii('日x')).toBe('??x');
	expect(toAscii(unicodeSample)).toMatch(asciiOnly);
	expect(widthOf(toAscii(unicodeSample))).toBe(widthOf(unicodeSample));
});

test('lines, bars and marks become characters that look like them, and letters lose their accents', () => {
	expect(toAscii('─ ━ │ ┃ ╭ ┼ █ ▁ ░ ✓ ✗ ● →')).toBe('- - | | + + # # : v x o >');
	expect(toAscii('Größe, naïve')).toBe('Gro?e, naive');
});

test('line feeds stay, and other control characters do not', () => {
	expect(toAscii('a\nµ\u001B[31m')).toBe('a\nu?[31m');
});

test('only a locale with UTF-8 has more than ASCII', () => {
	expect(glyphsOfLocale({LC_ALL: 'C', LANG: 'de_DE.UTF-8'})).toBe('ascii');
	expect(glyphsOfLocale({LANG: 'de_DE.utf8'})).toBe('unicode');
	expect(glyphsOfLocale({})).toBe('ascii');
	expect([inGlyphs('→', 'unicode'), inGlyphs('→', 'ascii')]).toEqual(['→', '>']);
});
