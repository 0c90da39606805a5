import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import {formatElapsed} from '../../../text/duration.js';
import {printable} from '../../../text/printable.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import {Words} from '../../components/words.js';
import {useUi} from '../../hooks/use-screen.js';
import {selectedDrill} from '../../state/faults/faults-state.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';

const nameWidth = 20;
const durationWidth = 5;
const fewestRows = 3;

/** The drills, and what the selected one does. */
export function DrillsPanel() {
	const faults = useUi((ui) => ui.faults);
	const {drills, pane} = faults;
	const selected = selectedDrill(faults);
	const isFocused = pane === 'drills';
	const row = useCallback(
		(index: number, width: number): Row => {
			const drill = drills[index];
			if (!drill) return [];
			const summaryWidth = Math.max(1, width - nameWidth - 1 - durationWidth - 2);
			return [
				span(`${padEnd(printable(drill.name), nameWidth)} `, 'strong'),
				span(`${padStart(formatElapsed(drill.durationMs), durationWidth)}  `, 'dim'),
				span(padEnd(printable(drill.summary), summaryWidth), 'dim'),
			];
		},
		[drills],
	);
	const place =
		drills.length > 0 ? `${Math.min(faults.selectedDrill, drills.length - 1) + 1} of ${drills.length}, ` : '';
	const notes = useMemo(() => [[span(`${place}Enter runs`, 'dim')]], [place]);
	return (
		<Panel title="Drills" notes={notes} isFocused={isFocused}>
			<Box flexGrow={1} flexShrink={0} flexBasis={fewestRows} maxHeight={Math.max(1, drills.length)}>
				<List
					count={drills.length}
					selected={faults.selectedDrill}
					row={row}
					empty={span('loading the drills', 'dim')}
					scope="drill-list"
					isMarked={isFocused}
				/>
			</Box>
			{selected && (
				<Box flexShrink={0} paddingTop={1}>
					<Words>{printable(selected.summary)}</Words>
				</Box>
			)}
		</Panel>
	);
}
