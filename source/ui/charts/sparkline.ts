import type {Glyphs} from '../glyphs.js';

/** One character for each value, as tall as its share of `max`; a blank where there is no value. */
export function sparkline(values: readonly (number | undefined)[], max: number, glyphs: Glyphs): string {
	const top = glyphs.sparks.length - 1;
	return values
		.map((value) => {
			if (value === undefined) return ' ';
			const level = max <= 0 ? 0 : Math.round((Math.min(max, Math.max(0, value)) / max) * top);
			return glyphs.sparks[level] ?? ' ';
		})
		.join('');
}
