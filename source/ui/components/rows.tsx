import {Box, Text, Transform} from 'ink';
import {memo, useMemo} from 'react';
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
 *
 * Ink takes every text apart twice, character by character: to lay it out, and to write it line by line. Rows fit their
 * place already, so a stand-in of one character a line is laid out, and each line is put in its place when it is written.
 */
export const Rows = memo(function Rows({rows, x, y, width, height, look}: RowsProps) {
	const lines = useMemo(() => paint(fitRows(rows, width, height), look).split('\n'), [rows, width, height, look]);
	return (
		<Box position="absolute" left={x} top={y} width={width} height={height} flexShrink={0}>
			<Transform transform={(_, index) => lines[index] ?? ''}>
				<Text>{Array.from(lines, () => '.').join('\n')}</Text>
			</Transform>
		</Box>
	);
});
