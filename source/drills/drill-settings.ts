import type {CacheOptions} from '../cache/api/types.js';
import type {WorkloadOptions} from '../workload/workload.js';
import type {Drill} from './drill-types.js';

const defaultTtlMs = 60_000;

/** Long enough that what was known before an outage can be served until its end. */
const defaultGraceMs = 600_000;

/** What a drill's cache is made with, besides its URL and namespace. */
export function cacheOptionsOf({cache}: Drill): Pick<CacheOptions, 'ttl' | 'memory' | 'journal' | 'pool'> {
	const pool = {
		...(cache.deadlineMs === undefined ? {} : {deadlineMs: cache.deadlineMs}),
		...(cache.lanes === undefined ? {} : {lanes: cache.lanes}),
	};
	return {
		ttl: {default: cache.ttl ?? defaultTtlMs, grace: cache.grace ?? defaultGraceMs},
		...(cache.memory === undefined ? {} : {memory: cache.memory}),
		...(cache.journal === undefined ? {} : {journal: cache.journal}),
		pool,
	};
}

/** What a drill's workload is made with. */
export function workloadOptionsOf({workload, cache}: Drill): WorkloadOptions {
	return {...workload, ...(cache.deadlineMs === undefined ? {} : {deadlineMs: cache.deadlineMs})};
}
