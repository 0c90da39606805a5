import {Box} from 'ink';
import {useTerminalSize, useUi} from '../../hooks/use-screen.js';
import type {ViewEntry} from '../view.js';
import {DrillPanel} from './drill-panel.js';
import {DrillsPanel} from './drills-panel.js';
import {FaultsPanel} from './faults-panel.js';

/** From this width on, faults and drills are side by side; below, only the one with the focus is shown. */
const wideColumns = 110;

/** Below this height there is no room for a drill while parameters are set. */
const tallRows = 20;

function FaultsView() {
	const {columns, rows} = useTerminalSize();
	const pane = useUi(({faults: {pane: current}}) => current);
	const isEditing = useUi(({faults: {editing}}) => editing !== undefined);
	const isWide = columns >= wideColumns;
	// While parameters are set, they need more rows than a drill does.
	const fewestRows = isEditing ? 13 : 9;
	const hasDrill = !isEditing || rows >= tallRows;
	return (
		<Box flexDirection="column" flexGrow={1}>
			<Box flexGrow={1} flexBasis={0} minHeight={hasDrill ? fewestRows : 0}>
				{(isWide || pane === 'faults') && (
					<Box flexGrow={58} flexBasis={0}>
						<FaultsPanel />
					</Box>
				)}
				{(isWide || pane === 'drills') && (
					<Box flexGrow={42} flexBasis={0}>
						<DrillsPanel />
					</Box>
				)}
			</Box>
			{hasDrill && <DrillPanel />}
		</Box>
	);
}

export const faults: ViewEntry = {
	component: FaultsView,
	explain: {
		shows:
			'The kinds of faults with their causes in real life, and the active faults. The drills. The time line of the drill that runs or ran last, with its expectations.',
		source:
			'A proxy between this program and Redis causes the faults, so no other client is affected. Faults of the server itself are available only on a server that this program started.',
		normal: 'No active fault. A drill passes when all its expectations are met.',
	},
	explainApplication: {
		shows:
			'The kinds of faults with their causes in real life, and the active faults. The drills. The time line of the drill that runs or ran last, with its expectations; once it has ended, with the figures of its probes and of the connections of the application (r: all of them).',
		source:
			'The tap causes the faults on the connections of the application, so no other client is affected. Faults of the server itself are available only on a server that this program started. A drill adds no traffic of its own; pages given by --probe are checked.',
		normal: 'No active fault. A drill passes when all its expectations are met.',
	},
};
