import type {CacheLife} from '../../cache/api/types.js';
import {formatDuration, formatLatency} from '../../text/duration.js';
import {formatCount, formatCountOf} from '../../text/number.js';
import {oneLine} from '../one-line.js';
import type {EventsWriter, OpenEvent} from './events-log.js';

type Episode = {readonly event: OpenEvent; readonly since: number; readonly reason: string};

/** A node that was lost with all others, or before the first connection, has no separate event. */
type LostNode = Omit<Episode, 'event'> & {readonly event: OpenEvent | undefined};

/** A node that is back this many milliseconds after the first one is a part of the same recovery. */
const lateNodeMs = 1000;

/** A first connection within this many milliseconds after the start is not reported as late. */
const lateStartMs = 1000;

/** The log line of a cache whose first connection was late. On a busy machine this is normal, hence the low level. */
const lateStart = (ms: number, reason: string) =>
	[`connected only ${formatDuration(ms)} after the start: ${reason}`, ms < lateStartMs ? 'debug' : 'info'] as const;

const coherenceWords = {
	broadcast: 'Redis announces changes to every process',
	tracked: 'Redis announces changes only to processes that have read the changed key',
	bypass: 'memory is bypassed, and each read asks Redis',
} as const;

/**
 * Logs the events of a cache. A time without Redis is one line, which shows the reason and, once it is over, its duration.
 * Errors before the first connection, which may be late on a busy machine, are details of that line.
 *
 * @returns A function that stops logging.
 */
export function logCacheEvents(cache: Pick<CacheLife, 'on'>, log: EventsWriter): () => void {
	let episode: Episode | undefined;
	let hasConnected = false;
	let startedAt: number | undefined;
	/** Nodes of a cluster that are out of use. */
	const lostNodes = new Map<string, LostNode>();
	/** Time at which Redis was last put into use. */
	let backAt = Number.POSITIVE_INFINITY;
	const removers = [
		cache.on('mode', ({mode, at, reason, previous}) => {
			startedAt ??= previous.at;
			hasConnected ||= previous.mode === 'connected';
			if (mode === 'connected') {
				if (hasConnected)
					episode?.event.update(`without Redis for ${formatDuration(at - episode.since)}: ${episode.reason}`, 'info');
				else episode?.event.update(...lateStart(at - startedAt, episode.reason));
				episode = undefined;
				hasConnected = true;
				backAt = at;
			} else if (episode) {
				episode.event.update(`without Redis for ${formatDuration(at - episode.since)} so far, ${mode}: ${reason}`);
			} else {
				episode = {event: log.open({level: 'warn', topic: 'mode', text: `${mode}: ${reason}`}), since: at, reason};
			}
		}),
		cache.on('node', ({address, mode, at, reason, previous, nodes}) => {
			hasConnected ||= previous.mode === 'connected';
			const known = lostNodes.get(address);
			const counts = `${nodes.inUse} of ${nodes.total} nodes in use`;
			if (mode === 'connected') {
				lostNodes.delete(address);
				if (known === undefined) return;
				const text = `${address} was out of use for ${formatDuration(at - known.since)}: ${known.reason}; ${counts}`;
				if (known.event) known.event.update(text, 'info');
				else if (at - backAt >= lateNodeMs) log.add({level: 'info', topic: 'mode', text});
				return;
			}
			const text = `${address} ${mode}: ${reason}; ${counts}`;
			known?.event?.update(text);
			// A node that was lost with the others gets its own event once they have been back for a while.
			const isAlone = episode === undefined && hasConnected && (known === undefined || at - backAt >= lateNodeMs);
			const opened = isAlone && mode === 'fallback' && known?.event === undefined;
			const event = opened ? log.open({level: 'warn', topic: 'mode', text}) : known?.event;
			lostNodes.set(address, {event, since: known?.since ?? at, reason: known?.reason ?? reason});
		}),
		cache.on('restriction', ({what, isOver, reason}) =>
			log.add({
				level: isOver ? 'info' : 'warn',
				topic: 'mode',
				text: isOver ? `Redis accepts ${what} again` : `Redis refuses ${what}: ${reason}`,
			}),
		),
		cache.on('reconcile', ({keys, kept, overflowed, durationMs}) => {
			const duration = formatLatency(durationMs);
			const newer = kept === 0 ? '' : `; ${formatCount(kept)} had a newer value in Redis, which stays`;
			// A recovery is logged without a number: a key that is changed meanwhile is reconciled twice, so the number would
			// not match the size of the journal.
			const what = episode ? 'reconciled the journal' : `reconciled ${formatCountOf(keys, 'dirty key')}`;
			log.add({
				level: overflowed ? 'warn' : episode ? 'info' : 'debug',
				topic: 'journal',
				text: overflowed
					? `reconciled in ${duration}: the journal had overflowed, so the whole namespace was invalidated`
					: `${what} in ${duration}${newer}`,
			});
		}),
		cache.on('coherence', ({coherence, reason}) =>
			log.add({
				level: 'info',
				topic: 'server',
				text: `${coherenceWords[coherence]}: ${reason}`,
			}),
		),
		cache.on('clockStep', ({ms, node}) => {
			const size = formatLatency(Math.abs(ms));
			const step =
				ms < 0
					? `back by ${size}: values set since then may be misses once`
					: `ahead by ${size}: changes in flight may have missed their deadline, and are reconciled`;
			log.add({level: 'warn', topic: 'server', text: `the clock of ${node ?? 'Redis'} was set ${step}`});
		}),
		cache.on('pool', ({type, lane, reason}) => {
			if (type === 'ready') return;
			log.add({level: 'debug', topic: 'pool', text: `lane ${lane} ${type}: ${reason}`, fold: `pool ${type}`});
		}),
		cache.on('error', ({operation, error}) => {
			const code = 'code' in error ? String(error.code) : error.name;
			log.add({
				// Before the first connection, the line of the mode shows the reason.
				level: hasConnected ? 'warn' : 'debug',
				topic: 'error',
				text: `${operation}: ${oneLine(error)}`,
				fold: `error ${hasConnected ? '' : 'at the start '}${operation} ${code}`,
			});
		}),
	];
	return () => {
		for (const remove of removers) remove();
	};
}
