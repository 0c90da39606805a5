import {Box} from 'ink';
import {useCallback} from 'react';
import type {Row} from '../text/row.js';
import {type Draw, Raster} from './raster.js';

/** Rows of spans, as many as there are, each cut at the edge of the box. They do not shrink. */
export function Lines({rows}: {readonly rows: readonly Row[]}) {
	const draw: Draw = useCallback(() => rows, [rows]);
	return (
		<Box flexDirection="column" flexShrink={0}>
			<Raster draw={draw} height={rows.length} />
		</Box>
	);
}
