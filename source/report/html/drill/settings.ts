import type {RecordedSettings} from '../../../drills/recording/drill-recording.js';
import {formatDuration} from '../../../text/duration.js';
import {formatBytes, formatCount} from '../../../text/number.js';
import type {Html} from '../html.js';
import {facts} from '../table.js';

/** The settings of a drill's traffic and cache, as they were in effect. */
export function settingsOf({workload, cache}: RecordedSettings): Html {
	const {rate, keys, mix, zipfExponent, valueBytes, ttl, loaderMs, seed} = workload;
	const memory =
		cache.maxEntries === 0 ? 'off' : `${formatCount(cache.maxEntries)} entries, ${formatBytes(cache.maxBytes)}`;
	return facts([
		['Calls a second', rate === undefined ? undefined : formatCount(rate)],
		['Keys', keys === undefined ? undefined : formatCount(keys)],
		['Reads : writes : deletes', mix && `${mix.read} : ${mix.write} : ${mix.delete}`],
		['Skew of the keys (Zipf)', zipfExponent],
		['Bytes of a value', valueBytes],
		['TTL of written values', ttl === undefined ? undefined : formatDuration(ttl)],
		['Time of a load', loaderMs === undefined ? undefined : formatDuration(loaderMs)],
		['Seed', seed],
		['Deadline', formatDuration(cache.deadlineMs)],
		['TTL', formatDuration(cache.ttlMs)],
		['Grace', formatDuration(cache.graceMs)],
		['Lanes', cache.lanes],
		['Memory tier', memory],
		['Journal', `${formatCount(cache.journalMaxKeys)} keys at most`],
	]);
}
