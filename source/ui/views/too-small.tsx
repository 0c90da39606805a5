import {Box} from 'ink';
import {Words} from '../components/words.js';
import {useTerminalSize} from '../hooks/use-screen.js';
import {smallestSize} from '../state/terminal-size.js';

/** Shown instead of everything else if the terminal is too small. */
export function TooSmall() {
	const {columns, rows} = useTerminalSize();
	return (
		<Box flexDirection="column">
			<Words style="strong">The terminal is too small</Words>
			<Words>{`needs ${smallestSize.columns}x${smallestSize.rows}, has ${columns}x${rows}`}</Words>
			<Words style="dim">q quits</Words>
		</Box>
	);
}
