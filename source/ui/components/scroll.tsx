import {useCallback} from 'react';
import {formatCount} from '../../text/number.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useViewport} from '../hooks/use-viewport.js';
import type {ScrollScope} from '../state/scroll.js';
import {type Row, span} from '../text/row.js';
import {type Draw, Raster} from './raster.js';

type ScrollProps = {
	/** The lines of the text for a width. Pass the same function while the lines are unchanged. */
	readonly lines: (width: number) => readonly Row[];
	/** The first line to show. Lower values are used if the text would end above the bottom of the box. */
	readonly top: number;
	/** Its height in rows, if there are enough. Default: all rows of its box. */
	readonly height?: number;
	/** The scope in which keystrokes scroll the text. */
	readonly scope: ScrollScope;
};

/** A text that may be longer than its box. The last row then shows how many lines are left. */
export function Scroll({lines, top, height, scope}: ScrollProps) {
	const glyphs = useGlyphs();
	const setViewport = useViewport(scope);
	const draw: Draw = useCallback(
		({width, height: rows}) => {
			const all = lines(width);
			setViewport({rows, lines: all.length});
			const first = Math.min(top, Math.max(0, all.length - rows));
			const left = all.length - first - rows;
			if (left <= 0) return all.slice(first);
			return [
				...all.slice(first, first + rows - 1),
				[span(`${glyphs.down} ${formatCount(left + 1)} more lines: PgDn`, 'dim')],
			];
		},
		[lines, top, setViewport, glyphs],
	);
	return <Raster draw={draw} {...(height !== undefined && {height})} />;
}
