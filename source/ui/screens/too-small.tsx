import {Box} from 'ink';
import {Words} from '../components/words.js';
import {useScreenSize} from '../hooks/use-screen.js';
import {smallestSize} from '../state/screen-size.js';

/** Shown instead of all else where the terminal is too small. */
export function TooSmall() {
	const {columns, rows} = useScreenSize();
	return (
		<Box flexDirection="column">
			<Words style="strong">The terminal is too small</Words>
			<Words>{`needs ${smallestSize.columns}x${smallestSize.rows}, has ${columns}x${rows}`}</Words>
			<Words style="dim">q quits</Words>
		</Box>
	);
}
