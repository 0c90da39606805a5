import type {CacheLife} from '../cache/api/types.js';
import {formatDuration} from '../text/duration.js';
import {count} from './commands/format.js';
import type {EventsWriter, OpenEvent} from './events-log.js';
import {oneLine} from './one-line.js';

type Episode = {readonly event: OpenEvent; readonly since: number; readonly reason: string};

/**
 * Writes what a cache tells about itself into the log. A time without Redis is one line: it begins with the reason and
 * ends up with its duration.
 */
export function logCacheEvents(cache: CacheLife, log: EventsWriter): () => void {
	let episode: Episode | undefined;
	const removers = [
		cache.on('mode', ({mode, at, reason}) => {
			if (mode === 'connected') {
				episode?.event.update(`without Redis for ${formatDuration(at - episode.since)}: ${episode.reason}`, 'info');
				episode = undefined;
			} else if (episode) {
				episode.event.update(`without Redis since ${formatDuration(at - episode.since)}, ${mode}: ${reason}`);
			} else {
				episode = {event: log.open({level: 'warn', topic: 'mode', text: `${mode}: ${reason}`}), since: at, reason};
			}
		}),
		cache.on('reconcile', ({keys, kept, overflowed, durationMs}) => {
			const what = overflowed
				? 'journal had overflowed: the whole namespace was invalidated'
				: `${count(keys, 'dirty key')}, ${kept} newer in Redis and kept`;
			log.add({
				level: overflowed ? 'warn' : 'info',
				topic: 'journal',
				text: `reconciled in ${formatDuration(durationMs)}: ${what}`,
			});
		}),
		cache.on('pool', ({type, lane, reason}) => {
			if (type === 'ready') return;
			log.add({level: 'debug', topic: 'pool', text: `lane ${lane} ${type}: ${reason}`, fold: `pool ${type}`});
		}),
		cache.on('error', ({operation, error}) => {
			const code = 'code' in error ? String(error.code) : error.name;
			log.add({
				level: 'warn',
				topic: 'error',
				text: `${operation}: ${oneLine(error)}`,
				fold: `error ${operation} ${code}`,
			});
		}),
	];
	return () => {
		for (const remove of removers) remove();
	};
}
