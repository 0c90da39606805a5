import type {EngineEvent} from '../../engine/protocol.js';

/** Events kept for the screen; the oldest are dropped first. */
export const eventLimit = 2000;

/**
 * Adds events to a log. An event with a known id replaces that event; one that says the same as the last event is
 * counted as its repetition.
 *
 * @returns the same array when nothing changed.
 */
export function addEvents(log: readonly EngineEvent[], events: readonly EngineEvent[]): readonly EngineEvent[] {
	if (events.length === 0) return log;
	const next = [...log];
	for (const event of events) {
		const at = next.findLastIndex((known) => known.id === event.id);
		if (at >= 0) {
			next[at] = event;
			continue;
		}
		const last = next.at(-1);
		if (last && last.topic === event.topic && last.text === event.text && last.level === event.level)
			next[next.length - 1] = {...event, at: last.at, count: last.count + event.count};
		else next.push(event);
	}
	return next.length > eventLimit ? next.slice(-eventLimit) : next;
}
