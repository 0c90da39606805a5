import {isDeepStrictEqual} from 'node:util';
import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {Words} from '../../components/words.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useTerminalSize, useUi} from '../../hooks/use-screen.js';
import {drillHeight, drillNotes, drillRows, shownDrill} from '../../rows/faults/drill-rows.js';

const fewestRows = 4;
const emptyRows = 3;

/** The time line and the expectations of the drill that runs, ran last, or is selected. */
export function DrillPanel() {
	const glyphs = useGlyphs();
	const {columns} = useTerminalSize();
	const faults = useUi((ui) => ui.faults);
	const last = useEngine(({snapshot}) => snapshot?.drill, isDeepStrictEqual);
	const shown = useMemo(() => shownDrill(faults, last), [faults, last]);
	const draw: Draw = useCallback(
		({width, height}) => (shown ? drillRows(shown, width, height, glyphs) : []),
		[shown, glyphs],
	);
	const notes = useMemo(() => (shown ? drillNotes(shown) : []), [shown]);
	return (
		<Box
			height={shown ? drillHeight(shown, columns, glyphs) : emptyRows}
			minHeight={shown ? fewestRows : emptyRows}
			flexShrink={1}
		>
			<Panel title={shown ? `Drill: ${printable(shown.drill.name)}` : 'Drill'} notes={notes}>
				{shown ? <Raster draw={draw} /> : <Words style="dim">no drill has run yet; Tab and Enter start one</Words>}
			</Panel>
		</Box>
	);
}
