import {stripVTControlCharacters} from 'node:util';
import {describe, expect, test} from 'vitest';
import {widthOf} from '../../../source/text/cells.js';
import {collisionsIn} from './collisions-in.js';
import {drawScene} from './draw.js';
import {scenes} from './scenes.js';

/** The lines of a scene in which no label runs together with its value. */
async function linesOf(...args: Parameters<typeof drawScene>): Promise<readonly string[]> {
	const drawn = await drawScene(...args);
	expect(collisionsIn(drawn)).toEqual([]);
	return stripVTControlCharacters(drawn).split('\n');
}

describe.each(scenes)('$name', (scene) => {
	test('shows what it should', async () => {
		expect((await linesOf(scene)).join('\n')).toMatch(scene.shows);
	});

	test('stays within its cells at the smallest sizes, and is ASCII with ASCII glyphs', async () => {
		const sizes = scene.panel
			? [
					{columns: 28, rows: 5},
					{columns: 100, rows: 20},
				]
			: [
					{columns: 60, rows: 16},
					{columns: 80, rows: 24},
				];
		for (const size of sizes) {
			const lines = await linesOf(scene, {size, glyphs: 'ascii'});
			expect(lines.length).toBeLessThanOrEqual(size.rows);
			for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(size.columns);
			expect(lines.join('\n')).toMatch(/^[ -~\n]*$/);
		}
	});
});
