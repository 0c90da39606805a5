import type {RecordedEvent} from '../../../drills/recording/drill-recording.js';
import type {EngineEvent, EngineEventTopic} from '../../protocol.js';

/** Most events of a recording. If there are more, those in the middle are left out. */
const maxEvents = 120;

/** Topics that are not about the drill's cache and server: the recording itself shows that it ran. */
const elsewhere: ReadonlySet<EngineEventTopic> = new Set(['drill', 'command', 'workload']);

/** The events from `startedAt` on, of `durationMs`, oldest first, with times since then. */
export function recordedEvents(
	events: readonly EngineEvent[],
	startedAt: number,
	durationMs: number,
): readonly RecordedEvent[] {
	const recorded = events
		.filter(({at, lastAt, topic}) => lastAt >= startedAt && at <= startedAt + durationMs && !elsewhere.has(topic))
		.map(({at, level, text, count}) => ({
			atMs: Math.max(0, at - startedAt),
			level: level === 'debug' ? ('info' as const) : level,
			text,
			count,
		}))
		.sort((left, right) => left.atMs - right.atMs);
	const left = recorded.length - maxEvents;
	if (left <= 0) return recorded;
	const half = maxEvents / 2;
	const [before, after] = [recorded.slice(0, half), recorded.slice(-half)];
	const gap: RecordedEvent = {atMs: before.at(-1)?.atMs ?? 0, level: 'info', text: `${left} events left out`, count: 1};
	return [...before, gap, ...after];
}
