import {parseArgs} from 'node:util';
import {type GlyphSet, glyphSets} from '../../../source/text/glyph-set.js';
import type {TerminalSize} from '../../../source/ui/state/terminal-size.js';
import {type ThemeName, themeNames} from '../../../source/ui/theme.js';
import {drawScene} from './draw.js';
import {scenes} from './scenes.js';

const usage = `npm run gallery [-- name ...] [--size 80x24] [--theme ${themeNames.join('|')}] [--glyphs unicode|ascii] [--no-color]

Draws the panels, views and dialogs whose names contain all words, each in a fixed state.`;

function fail(message: string): never {
	process.stderr.write(`${message}\n\n${usage}\n`);
	process.exit(2);
}

function sizeOf(text: string): TerminalSize {
	const [, columns, rows] = /^(\d+)x(\d+)$/.exec(text) ?? fail(`--size is ${text}; it must be like 80x24`);
	return {columns: Number(columns), rows: Number(rows)};
}

const themeOf = (text: string): ThemeName =>
	themeNames.find((name) => name === text) ?? fail(`there is no theme ${text}`);

const glyphsOf = (text: string): GlyphSet =>
	glyphSets.find((name) => name === text) ?? fail(`there are no glyphs ${text}`);

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		size: {type: 'string'},
		theme: {type: 'string', default: 'default'},
		glyphs: {type: 'string', default: 'unicode'},
		'no-color': {type: 'boolean', default: (process.env.NO_COLOR ?? '') !== ''},
		help: {type: 'boolean', default: false},
	},
});
if (values.help) {
	process.stdout.write(`${usage}\n\n${scenes.map(({name}) => `  ${name}`).join('\n')}\n`);
	process.exit(0);
}
const drawn = scenes.filter(({name}) => positionals.every((word) => name.includes(word)));
if (drawn.length === 0) fail(`no scene is called ${positionals.join(' ')}`);
const look = {
	theme: themeOf(values.theme),
	glyphs: glyphsOf(values.glyphs),
	noColor: values['no-color'],
	...(values.size !== undefined && {size: sizeOf(values.size)}),
};
// A pager or `head` may close its end before everything is drawn.
process.stdout.on('error', () => process.exit(0));
for (const scene of drawn) process.stdout.write(`${scene.name}\n${await drawScene(scene, look)}\n\n`);
