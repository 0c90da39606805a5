import type {EngineEvent, EngineEventLevel} from '../../../engine/protocol.js';
import type {ModeChange} from '../../../metrics/snapshot.js';
import {condenseLog} from '../../store/condense-log.js';
import {type Filter, hasWords, isEmpty, noFilter, wordsOfLine} from '../filter.js';

export type LogState = {
	readonly filter: Filter;
	/** Events below this level are hidden. */
	readonly level: EngineEventLevel;
	/** Id of the selected event. Undefined: none, and the log follows the newest. */
	readonly selected: number | undefined;
};

export const initialLog: LogState = {filter: noFilter, level: 'info', selected: undefined};

export const levels: readonly EngineEventLevel[] = ['debug', 'info', 'warn', 'error'];

/** The events that pass the level and the filter. Without a filter, and above level debug, the log is condensed. */
export function visibleEvents(
	{log, modes}: {readonly log: readonly EngineEvent[]; readonly modes: readonly ModeChange[]},
	{level, filter}: LogState,
): readonly EngineEvent[] {
	const least = levels.indexOf(level);
	const words = wordsOfLine(filter.line);
	const events = level === 'debug' || !isEmpty(filter) ? log : condenseLog({log, modes});
	return events.filter(
		(event) => levels.indexOf(event.level) >= least && hasWords(`${event.topic} ${event.text}`, words),
	);
}

/** Index of the selected event, or of the last one while the log follows. */
export function selectedEvent(events: readonly EngineEvent[], {selected}: LogState): number {
	return selected === undefined ? events.length - 1 : events.findLastIndex(({id}) => id <= selected);
}
