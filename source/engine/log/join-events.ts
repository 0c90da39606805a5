import type {EngineEvent} from '../protocol.js';

/** Most events that wait for a reader; the oldest are dropped first. */
const maxWaiting = 1000;

/** Merges later events into events: one with a known id replaces the earlier one. */
export function joinEvents(waiting: readonly EngineEvent[], next: readonly EngineEvent[]): readonly EngineEvent[] {
	if (waiting.length === 0 || next.length === 0) return waiting.length === 0 ? next : waiting;
	const joined = new Map([...waiting, ...next].map((event) => [event.id, event]));
	return [...joined.values()].slice(-maxWaiting);
}
