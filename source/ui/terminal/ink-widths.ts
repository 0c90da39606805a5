import {LRUCache} from 'lru-cache';
import {widthOf} from '../../text/cells.js';

/** The lines and characters of several frames. */
const widths = new LRUCache<string, number>({max: 4096});

/**
 * The width of a text in columns, as by `string-width`, with a cache. `source/bundle/ink-memory.ts` replaces that package by
 * this module, for Ink only, which measures each different character and each changed line of each frame. CPU time of a frame
 * at 120×40, in addition to `ink-tokens.ts`: 7 ms without, 6 ms with this module.
 */
// biome-ignore lint/style/noDefaultExport: Ink imports the default export.
export default function rememberedWidth(text: string): number {
	let width = widths.get(text);
	if (width === undefined) {
		width = widthOf(text);
		widths.set(text, width);
	}
	return width;
}
