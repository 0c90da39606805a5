import type {EngineEvent, EngineEventLevel} from '../../engine/protocol.js';
import {emptyLine, type Line, textOf} from '../input/line-editor.js';

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

/** The events that level and filter let through. */
export function visibleEvents(log: readonly EngineEvent[], state: LogState): readonly EngineEvent[] {
	const least = levels.indexOf(state.level);
	const words = textOf(state.filter).toLowerCase().split(/\s+/u).filter(Boolean);
	return log.filter((event) => {
		if (levels.indexOf(event.level) < least) return false;
		const text = `${event.topic} ${event.text}`.toLowerCase();
		return words.every((word) => text.includes(word));
	});
}
