import {Box} from 'ink';
import type {ReactNode} from 'react';
import {useTerminalSize} from '../../hooks/use-screen.js';

/** From this width on there are two charts side by side. */
const wideColumns = 154;

/** Rows of a chart, its title included. Where fewer are left, the list stands alone. */
export const fewestChartRows = 9;
const mostChartRows = 26;

/** A chart below the list and, where there is room, another one beside it. */
export function PoolCharts({first, second}: {readonly first: ReactNode; readonly second: ReactNode}) {
	const {columns} = useTerminalSize();
	return (
		<Box flexGrow={1} gap={2} maxHeight={mostChartRows}>
			<Box flexDirection="column" flexGrow={1} flexBasis={0}>
				{first}
			</Box>
			{columns >= wideColumns && (
				<Box flexDirection="column" flexGrow={1} flexBasis={0}>
					{second}
				</Box>
			)}
		</Box>
	);
}
