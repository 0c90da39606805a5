import type {Row} from '../../source/ui/text/row.js';

/** Rows of the screen without colors, one per line. */
export function plain(rows: readonly Row[]): string {
	return rows.map((row) => row.map((part) => part.text).join('')).join('\n');
}
