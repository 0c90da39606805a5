import type {DrillRecording, RecordedCacheSettings} from '../../../drills/recording/drill-recording.js';
import {formatDuration} from '../../../text/duration.js';
import {formatBytes, formatCount} from '../../../text/number.js';
import type {WorkloadMix} from '../../../workload/workload-snapshot.js';
import type {Html, Part} from '../html.js';
import {facts} from '../table.js';

function shareOfInvalidations(mix: WorkloadMix | undefined): string | undefined {
	const {invalidateTag = 0, clear = 0} = mix ?? {};
	return invalidateTag + clear === 0 ? undefined : `${invalidateTag} : ${clear}`;
}

/** The settings of a drill's traffic and cache that were in effect. */
export function settingsOf({deadlineMs, settings: {workload, cache}}: DrillRecording): Html {
	const {rate, keys, mix, zipfExponent, valueBytes, ttl, loaderMs, seed} = workload;
	return facts([
		['Calls a second', rate === undefined ? undefined : formatCount(rate)],
		['Keys', keys === undefined ? undefined : formatCount(keys)],
		['Reads : writes : deletes', mix && `${mix.read} : ${mix.write} : ${mix.delete}`],
		['Invalidations of a tag : of all keys', shareOfInvalidations(mix)],
		['Skew of the keys (Zipf)', zipfExponent],
		['Bytes of a value', valueBytes],
		['TTL of written values', ttl === undefined ? undefined : formatDuration(ttl)],
		['Time of a load', loaderMs === undefined ? undefined : formatDuration(loaderMs)],
		['Seed', seed],
		['Deadline', formatDuration(deadlineMs)],
		...(cache === undefined ? [] : cacheSettings(cache)),
	]);
}

function cacheSettings(cache: RecordedCacheSettings): [name: string, value: Part][] {
	const {ttlMs, graceMs, lanes, maxEntries, maxBytes, journalMaxKeys} = cache;
	return [
		['TTL', formatDuration(ttlMs)],
		['Grace', formatDuration(graceMs)],
		['Lanes', lanes],
		['Memory tier', maxEntries === 0 ? 'off' : `${formatCount(maxEntries)} entries, ${formatBytes(maxBytes)}`],
		['Journal', `${formatCount(journalMaxKeys)} keys at most`],
	];
}
