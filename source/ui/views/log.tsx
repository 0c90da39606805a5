import {useCallback, useMemo} from 'react';
import type {EngineEvent} from '../../engine/protocol.js';
import {formatCount} from '../../text/number.js';
import {Lines} from '../components/lines.js';
import {List} from '../components/list.js';
import {Panel} from '../components/panel.js';
import {type Draw, Raster} from '../components/raster.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useUi} from '../hooks/use-screen.js';
import {useViewport} from '../hooks/use-viewport.js';
import {eventRow, latestEventRows} from '../rows/event-row.js';
import {filterRow} from '../rows/filter-row.js';
import {selectedEvent, visibleEvents} from '../state/views/log-state.js';
import {type Row, span} from '../text/row.js';
import type {ViewEntry} from './view.js';

/** The newest events, without a selection: where there is room, long ones in full. Indented like the rows of the list. */
function FollowedEvents({events}: {readonly events: readonly EngineEvent[]}) {
	const glyphs = useGlyphs();
	const setViewport = useViewport('log');
	const draw: Draw = useCallback(
		({width, height}) => {
			setViewport({rows: height, lines: events.length});
			return latestEventRows(events, glyphs, width - 2, height).map((row) => [span('  '), ...row]);
		},
		[events, glyphs, setViewport],
	);
	return <Raster draw={draw} />;
}

function LogView() {
	const glyphs = useGlyphs();
	const state = useUi((ui) => ui.log);
	const all = useEngine((engine) => engine.log);
	const modes = useEngine((engine) => engine.modes);
	const events = useMemo(() => visibleEvents({log: all, modes}, state), [all, modes, state]);
	const row = useMemo(
		() =>
			(index: number, width: number): Row => {
				const event = events[index];
				return event ? eventRow(event, glyphs, width) : [];
			},
		[events, glyphs],
	);
	const isFollowing = state.selected === undefined;
	const notes = useMemo(
		(): readonly Row[] => [
			[
				span(`${formatCount(events.length)} of ${formatCount(all.length)}  from `, 'dim'),
				span(state.level, 'accent'),
				span('  '),
				isFollowing ? span(`${glyphs.down} following`, 'good') : span('paused; f to follow', 'warn'),
			],
		],
		[events, all, state.level, isFollowing, glyphs],
	);
	const filter = useMemo(() => [filterRow(state.filter, '/ filters by words')], [state.filter]);
	const empty = all.length === 0 ? 'no events yet' : 'no event matches the filter and the level';
	return (
		<Panel title="Log" notes={notes}>
			<Lines rows={filter} />
			{isFollowing && events.length > 0 ? (
				<FollowedEvents events={events} />
			) : (
				<List
					count={events.length}
					selected={selectedEvent(events, state)}
					row={row}
					empty={span(empty, 'dim')}
					scope="log"
				/>
			)}
		</Panel>
	);
}

export const log: ViewEntry = {
	component: LogView,
	explain: {
		shows:
			'All events, newest last. Repetitions are one line with a count and a duration; Enter shows an event in full.',
		source:
			'The engine: mode changes, faults, the pool, the journal, commands, the server. The last 2,000 lines are kept.',
		normal: 'Quiet. An outage is one line, which ends with its duration.',
	},
};
