import {useCallback, useMemo} from 'react';
import type {DrillSnapshot} from '../../../engine/protocol.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useApplication} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {applicationState} from '../../rows/application/application-state.js';
import {findingCounts} from '../../rows/application/finding-rows.js';
import {verdictSentenceRows} from '../../rows/verdict-marks.js';
import {type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

/** The drill on the application, shown here because view 5 may not be open when it ends. */
function drillWords(state: DrillSnapshot['state'] | undefined): Row {
	if (state === undefined) return [];
	const style = state === 'passed' ? 'good' : state === 'failed' ? 'bad' : 'dim';
	return [span(`drill ${state}`, style), span(' (5)', 'dim')];
}

function MatterPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const state = useEngine(applicationState, hasSameFields);
	const findings = useApplication()?.findings;
	const draw: Draw = useCallback(
		({width, height}) => verdictSentenceRows(state.level, state.text, width, height, glyphs),
		[state, glyphs],
	);
	const drillState = useEngine(({snapshot}) => snapshot?.drill?.state);
	const notes = useMemo(() => {
		const drill = drillWords(drillState);
		const counts = findingCounts(findings ?? []);
		if (counts.length === 0) return drill.length > 0 ? [drill] : [];
		const gap = drill.length > 0 ? [span('  ')] : [];
		const both = [...drill, ...gap, ...counts];
		return [[...both, span('  press 7', 'dim')], both, drill.length > 0 ? drill : counts];
	}, [findings, drillState]);
	return (
		<Panel title={matter.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const matter: PanelEntry = {
	title: 'What is the matter',
	component: MatterPanel,
	explain: {
		shows:
			'The worst finding about the application, or that it is healthy, with its main figures of the last ten seconds. During a fault: how many of its connections wait, with how many commands and how long, and how many commands a second are still answered. While Redis answers neither the application nor this program: for how long. While one in twenty commands or more fails: how many, and the most frequent error. Before the application connects: the URL to give it.',
		source: 'The traffic through the tap, in both directions. View 7 has all findings with their evidence.',
		normal:
			'Healthy. A fault should cost some errors or slow answers, not commands that wait for as long as the fault lasts.',
	},
};
