import {isDeepStrictEqual} from 'node:util';
import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import {type FaultInfo, faultCatalogue} from '../../../faults/catalogue.js';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {Words} from '../../components/words.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useTerminalSize, useUi} from '../../hooks/use-screen.js';
import {
	commandRow,
	faultRow,
	fieldRows,
	keystrokesRow,
	type ShownFaults,
	shownFaults,
} from '../../rows/faults/fault-rows.js';
import {problemOf} from '../../state/faults/fault-settings.js';
import {selectedFault, settingsOf} from '../../state/faults/faults-state.js';
import {topFor} from '../../state/scroll.js';
import {type Row, span} from '../../text/row.js';

/** From this height on, the meaning of a fault stays while a parameter is set. */
const tallRows = 30;

/** Rows of the list that are left where there are many details. */
const fewestRows = 3;

type DetailsProps = {readonly info: FaultInfo; readonly shown: ShownFaults | undefined};

/** The meaning, the parameters and the command of the selected fault. */
function Details({info, shown}: DetailsProps) {
	const glyphs = useGlyphs();
	const {rows} = useTerminalSize();
	const faults = useUi((ui) => ui.faults);
	const {editing} = faults;
	const fields = useMemo(() => fieldRows(info, faults, shown, glyphs), [info, faults, shown, glyphs]);
	const at = editing?.index ?? 0;
	const draw: Draw = useCallback(({height}) => fields.slice(topFor(at, 0, fields.length, height)), [fields, at]);
	const problem = problemOf(info, settingsOf(faults, info));
	const command = useMemo(() => [commandRow(info, faults)], [info, faults]);
	const keys = useMemo(() => [keystrokesRow(info, faults, shown, glyphs)], [info, faults, shown, glyphs]);
	return (
		<Box flexDirection="column" flexShrink={1}>
			{(!editing || rows >= tallRows) && (
				<Box flexShrink={0} paddingTop={1}>
					<Words>{info.summary}</Words>
				</Box>
			)}
			<Raster draw={draw} height={fields.length} />
			<Box flexDirection="column" flexShrink={0}>
				{problem === undefined ? <Lines rows={command} /> : <Words style="bad">{printable(problem)}</Words>}
				<Lines rows={keys} />
			</Box>
		</Box>
	);
}

function notesOf(shown: ShownFaults | undefined, index: number): readonly Row[] {
	const inForce = shown?.inForce ?? [];
	const place = span(`${index + 1} of ${faultCatalogue.length}, `, 'dim');
	if (inForce.length === 0) return [[place, span('none active', 'good')]];
	const selected = faultCatalogue[index];
	const isSelected = inForce.some(({kind}) => kind === selected?.kind);
	return [[place, span(`${inForce.length} active, ${isSelected ? 'u lifts this one, ' : ''}x heals all`, 'bad')]];
}

/** The kinds of faults, and the settings of the selected one. */
export function FaultsPanel() {
	const glyphs = useGlyphs();
	const shown = useEngine(({snapshot}) => snapshot && shownFaults(snapshot), isDeepStrictEqual);
	const faults = useUi((ui) => ui.faults);
	const info = selectedFault(faults);
	const isFocused = faults.pane === 'faults';
	const row = useCallback(
		(index: number, width: number): Row => {
			const each = faultCatalogue[index];
			return each ? faultRow(each, shown, width, glyphs) : [];
		},
		[shown, glyphs],
	);
	const notes = useMemo(() => notesOf(shown, faults.selectedFault), [shown, faults.selectedFault]);
	return (
		<Panel title="Faults" notes={notes} isFocused={isFocused}>
			<Box flexGrow={1} flexShrink={0} flexBasis={fewestRows} maxHeight={faultCatalogue.length}>
				<List
					count={faultCatalogue.length}
					selected={faults.selectedFault}
					row={row}
					scope="fault-list"
					isMarked={isFocused}
				/>
			</Box>
			{info && <Details info={info} shown={shown} />}
		</Panel>
	);
}
