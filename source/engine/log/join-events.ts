import type {EngineEvent} from '../protocol.js';

/** Events that wait for a reader; the oldest are dropped first. */
const maxWaiting = 1000;

/** Events, and those that came after them: one with a known id takes the place of the earlier one. */
export function joinEvents(waiting: readonly EngineEvent[], next: readonly EngineEvent[]): readonly EngineEvent[] {
	if (waiting.length === 0 || next.length === 0) return waiting.length === 0 ? next : waiting;
	const joined = new Map([...waiting, ...next].map((event) => [event.id, event]));
	return [...joined.values()].slice(-maxWaiting);
}
