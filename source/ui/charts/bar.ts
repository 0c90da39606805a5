import type {Glyphs} from '../glyphs.js';
import type {Row} from '../text/row.js';
import type {StyleName} from '../theme.js';

/** A horizontal bar of exactly `width` cells for a share of 0 to 1. A share above 0 shows at least the thinnest part. */
export function bar(share: number, width: number, glyphs: Glyphs, style: StyleName): Row {
	const parts = glyphs.barParts.length - 1;
	const clamped = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
	const filled = clamped === 0 ? 0 : Math.max(1, Math.round(clamped * width * parts));
	const whole = Math.floor(filled / parts);
	const text = (glyphs.barParts[parts] ?? '').repeat(whole) + (glyphs.barParts[filled % parts] ?? '');
	const used = whole + (filled % parts === 0 ? 0 : 1);
	return [
		{text, style},
		{text: glyphs.barEmpty.repeat(Math.max(0, width - used)), style: 'dim'},
	];
}
