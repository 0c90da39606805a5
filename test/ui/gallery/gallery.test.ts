import {stripVTControlCharacters} from 'node:util';
import {describe, expect, test} from 'vitest';
import {widthOf} from '../../../source/text/cells.js';
import {collisionsIn} from './collisions-in.js';
import {drawScene, drawSceneAt} from './draw.js';
import {scenes} from './scenes.js';

/** The lines of a drawing in which no label runs together with its value. */
function linesOf(drawn: string): readonly string[] {
	expect(collisionsIn(drawn)).toEqual([]);
	return stripVTControlCharacters(drawn).split('\n');
}

/** Words that have stood in the middle of a line of any scene so far. */
const knownWords = new Set<string>();

const wordsIn = (lines: readonly string[]): readonly string[] =>
	lines.flatMap((line) => [...line.matchAll(/\p{L}+(?=[ .,:;]+\S)/gu)].map(([word]) => word));

/** Parts of known words that stand before the right edge of a panel or of the screen. */
const cutWordsIn = (lines: readonly string[]): readonly string[] =>
	lines
		.flatMap((line) => [...line.matchAll(/(\p{L}{3,}) ?(?=[│┃|]|$)/gu)].map(([, word = '']) => word))
		.filter((word) => !knownWords.has(word) && [...knownWords].some((known) => known.startsWith(word)));

describe.each(scenes)('$name', (scene) => {
	test('shows what it should', async () => {
		const lines = linesOf(await drawScene(scene));
		for (const word of wordsIn(lines)) knownWords.add(word);
		expect(lines.join('\n')).toMatch(scene.shows);
	});

	test('stays within its cells at the smallest sizes, cuts no word, and is ASCII with ASCII glyphs', async () => {
		const sizes = scene.panel
			? ([
					{columns: 28, rows: 5},
					{columns: 100, rows: 20},
				] as const)
			: ([
					{columns: 60, rows: 16},
					{columns: 80, rows: 24},
				] as const);
		const drawings = await drawSceneAt(sizes, scene, {glyphs: 'ascii'});
		for (const [index, size] of sizes.entries()) {
			const lines = linesOf(drawings[index] ?? '');
			expect(lines.length).toBeLessThanOrEqual(size.rows);
			for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(size.columns);
			// Of the terminal as it was before it was resized, it would be narrower.
			expect(Math.max(...lines.map(widthOf))).toBe(size.columns);
			expect(lines.join('\n')).toMatch(/^[ -~\n]*$/);
			// A dialog stands over a view, whose words end at its border.
			if (!scene.name.startsWith('dialog')) expect(cutWordsIn(lines)).toEqual([]);
		}
	});
});
