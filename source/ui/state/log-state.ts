import type {EngineEvent, EngineEventLevel} from '../../engine/protocol.js';
import type {ModeChange} from '../../metrics/snapshot.js';
import {emptyLine, type Line, textOf} from '../input/line-editor.js';
import {notable} from '../panels/events.js';

export type LogState = {
	readonly filter: Line;
	readonly isFiltering: boolean;
	/** Events below it are hidden. */
	readonly level: EngineEventLevel;
	/** Undefined: follow the newest. Else the id of the selected event. */
	readonly selected: number | undefined;
};

export const initialLog: LogState = {filter: emptyLine, isFiltering: false, level: 'info', selected: undefined};

export const levels: readonly EngineEventLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * The events that level and filter let through. The errors of commands while Redis was away are one line, unless
 * somebody looks for words or at level debug.
 */
export function visibleEvents(
	{log, modes}: {readonly log: readonly EngineEvent[]; readonly modes: readonly ModeChange[]},
	state: LogState,
): readonly EngineEvent[] {
	const least = levels.indexOf(state.level);
	const words = textOf(state.filter).toLowerCase().split(/\s+/u).filter(Boolean);
	const told = state.level === 'debug' || words.length > 0 ? log : notable({log, modes});
	return told.filter((event) => {
		if (levels.indexOf(event.level) < least) return false;
		const text = `${event.topic} ${event.text}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
}
