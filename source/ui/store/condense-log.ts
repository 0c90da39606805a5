import type {EngineEvent} from '../../engine/protocol.js';
import type {ModeChange} from '../../metrics/snapshot.js';

/** Command errors within this many milliseconds before a fallback are attributed to it, because they caused it. */
const leadMs = 1500;

type Span = {readonly from: number; to: number};

/** The spans in which Redis was not in use, with the errors that led to them. */
function spansWithoutRedis(modes: readonly ModeChange[]): Span[] {
	const spans: Span[] = [];
	for (const [index, {mode, at}] of modes.entries()) {
		if (mode === 'connected') continue;
		const to = modes[index + 1]?.at ?? Number.POSITIVE_INFINITY;
		const last = spans.at(-1);
		if (last?.to === at) last.to = to;
		else spans.push({from: at - leadMs, to});
	}
	return spans;
}

/**
 * The log without debug events, and with the command errors of each span without Redis as one line, so that the start and the
 * end of an outage are both visible.
 */
export function condenseLog({
	log,
	modes,
}: {
	readonly log: readonly EngineEvent[];
	readonly modes: readonly ModeChange[];
}): readonly EngineEvent[] {
	const spans = spansWithoutRedis(modes);
	const events: EngineEvent[] = [];
	/** Index in `events` of the line of each span. */
	const lineOf = new Map<number, number>();
	for (const event of log) {
		if (event.level === 'debug') continue;
		const isCommandError = event.topic === 'error' && event.level === 'warn';
		const span = isCommandError ? spans.findLastIndex(({from, to}) => event.at >= from && event.at <= to) : -1;
		const line = lineOf.get(span);
		const earlier = line === undefined ? undefined : events[line];
		if (span < 0) {
			events.push(event);
		} else if (line !== undefined && earlier) {
			const lastAt = Math.max(earlier.lastAt, event.lastAt);
			events[line] = {...earlier, count: earlier.count + event.count, lastAt};
		} else {
			lineOf.set(span, events.length);
			events.push({...event, text: 'commands failed: Redis unreachable (details at log level debug)'});
		}
	}
	return events;
}
