import {useCallback} from 'react';
import type {Line} from '../input/line-editor.js';
import {aroundCursor, cursorRow} from '../rows/filter-row.js';
import {type Row, rowWidth} from '../text/row.js';
import {type Draw, Raster} from './raster.js';

/** A line that is being typed, after a label. A long line is shown around its cursor. */
export function Prompt({label, line}: {readonly label: Row; readonly line: Line}) {
	const draw: Draw = useCallback(
		({width}) => [[...label, ...cursorRow(aroundCursor(line, width - rowWidth(label) - 1))]],
		[label, line],
	);
	return <Raster draw={draw} height={1} />;
}
