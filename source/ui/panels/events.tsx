import {useCallback} from 'react';
import {Panel} from '../components/panel.js';
import {type Draw, Raster} from '../components/raster.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine} from '../hooks/use-screen.js';
import {latestEventRows} from '../rows/event-row.js';
import {condenseLog} from '../store/condense-log.js';
import {span} from '../text/row.js';
import type {PanelEntry, PanelProps} from './panel.js';

function EventsPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const log = useEngine((state) => state.log);
	const modes = useEngine((state) => state.modes);
	const draw: Draw = useCallback(
		({width, height}) => {
			const rows = latestEventRows(condenseLog({log, modes}), glyphs, width, height);
			return rows.length === 0 ? [[span('no events yet', 'dim')]] : rows;
		},
		[log, modes, glyphs],
	);
	return (
		<Panel title={events.title} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const events: PanelEntry = {
	title: 'Events',
	component: EventsPanel,
	explain: {
		shows:
			'The latest events, newest last. Repetitions are one line with a count, and so are all command errors of one outage. View 6 has more events, a filter, and at level debug every event.',
		source: 'The engine: mode changes, faults, the pool, the journal, commands, the server.',
		normal: 'Quiet. Lines appear when something changes.',
	},
};
