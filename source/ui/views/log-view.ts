import {count} from '../format.js';
import {eventRow} from '../panels/events.js';
import {visibleEvents} from '../state/log-state.js';
import {topFor} from '../state/move.js';
import {frame, insideFrame} from '../text/frame.js';
import {type Row, span} from '../text/row.js';
import {type DrawView, filterRow, listRow} from './view.js';

/** Everything that happened, newest last; follows until one is selected. */
export const drawLogView: DrawView = ({ui, state, glyphs}, width, height) => {
	const {log} = ui;
	const inside = insideFrame(width, height);
	const events = visibleEvents(state, log);
	const room = inside.height - 1;
	const isFollowing = log.selected === undefined;
	const at = isFollowing ? events.length - 1 : events.findLastIndex((event) => event.id <= (log.selected ?? 0));
	const top = isFollowing
		? Math.max(0, events.length - room)
		: topFor(at, Math.max(0, at - Math.floor(room / 2)), events.length, room);
	const rows: Row[] =
		events.length === 0
			? [[span(state.log.length === 0 ? 'nothing has happened yet' : 'no event has these words and this level', 'dim')]]
			: events
					.slice(top, top + room)
					.map((event, index) =>
						listRow(
							eventRow(event, glyphs, inside.width - 2),
							!isFollowing && top + index === at,
							inside.width,
							glyphs,
						),
					);
	return frame([filterRow(log.filter, log.isFiltering, '/ filters by words', glyphs), ...rows], {
		title: 'Log',
		notes: [
			[
				span(`${count(events.length)} of ${count(state.log.length)}  from `, 'dim'),
				span(log.level, 'accent'),
				span('  '),
				isFollowing ? span(`${glyphs.down} following`, 'good') : span('held, f follows', 'warn'),
			],
		],
		width,
		height,
		glyphs,
	});
};
