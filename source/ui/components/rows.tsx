import {Box, Text} from 'ink';
import {memo} from 'react';
import {type Look, paint} from '../text/paint.js';
import {fitRows, type Row} from '../text/row.js';

export type RowsProps = {
	readonly rows: readonly Row[];
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly look: Look;
};

/**
 * Rows at a place of the screen, as one text node. One node for a panel instead of one for each word is what keeps a
 * frame at a few milliseconds.
 */
export const Rows = memo(function Rows({rows, x, y, width, height, look}: RowsProps) {
	return (
		<Box position="absolute" left={x} top={y} width={width} height={height} flexShrink={0}>
			<Text wrap="truncate">{paint(fitRows(rows, width, height), look)}</Text>
		</Box>
	);
});
