import type {Size} from '../layout.js';
import type {Row} from '../text/row.js';

/** Rows that lie over a part of the screen. All of them are `width` cells wide. */
export type OverlayBox = {
	readonly rows: readonly Row[];
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
};

/** A box in the middle of the screen, a little above it, where the eye is. */
export function centred(rows: readonly Row[], width: number, screen: Size): OverlayBox {
	return {
		rows,
		width,
		height: rows.length,
		x: Math.max(0, Math.floor((screen.columns - width) / 2)),
		y: Math.max(0, Math.floor((screen.rows - rows.length) / 2)),
	};
}
