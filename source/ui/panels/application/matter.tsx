import {useCallback, useMemo} from 'react';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useApplication} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {applicationState} from '../../rows/application/application-state.js';
import {findingCounts} from '../../rows/application/finding-rows.js';
import {verdictSentenceRows} from '../../rows/verdict-marks.js';
import {span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

function MatterPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const state = useEngine(applicationState, hasSameFields);
	const findings = useApplication()?.findings;
	const draw: Draw = useCallback(
		({width, height}) => verdictSentenceRows(state.level, state.text, width, height, glyphs),
		[state, glyphs],
	);
	const notes = useMemo(() => {
		const counts = findingCounts(findings ?? []);
		return counts.length > 0 ? [[...counts, span('  7 shows them', 'dim')], counts] : [];
	}, [findings]);
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
			'What is wrong with the use that the application makes of Redis: its worst finding, or that it is healthy, with its main figures of the last ten seconds. While a fault is in force: how many of its connections wait, how long, and how many commands a second are answered all the same. While Redis answers neither it nor this program: for how long. Before it has connected: the URL to give to it.',
		source: 'What passes the tap, in both directions. View 7 has all findings with their evidence.',
		normal:
			'Healthy. A fault should cost some errors or slow answers, not commands that wait for as long as the fault lasts.',
	},
};
