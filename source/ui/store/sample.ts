import type {ServerFigures, Verdict} from '../../engine/protocol.js';
import {joinSpans} from '../../inspect/server/activity/merge-figures.js';
import {type ApplicationSample, mergeApplication} from './application-sample.js';

/** The measurements of one second, or of several, merged. */
export type Sample = {
	/** Reads answered by the memory tier; `redis`: by Redis; `misses`: by neither. */
	readonly memory: number;
	readonly redis: number;
	readonly misses: number;
	/** Calls of the cache: reads, sets and deletes. */
	readonly calls: number;
	readonly seconds: number;
	/** Latency of the application's calls, in milliseconds. */
	readonly p50: number | undefined;
	readonly p99: number | undefined;
	readonly wrongReads: number;
	/** Highest utilization of the pool, 0 to 1. */
	readonly utilization: number;
	/** Most keys in the journal. */
	readonly journal: number;
	/** The server's activity for applications; undefined if it did not answer. */
	readonly server: ServerFigures | undefined;
	/** The traffic of the application behind the tap; undefined without a tap. */
	readonly application: ApplicationSample | undefined;
	/** The worst state of the server. */
	readonly level: Verdict['level'];
};

const severity: Readonly<Record<Verdict['level'], number>> = {unknown: 0, fine: 1, warn: 2, bad: 3};

const worse = (a: Verdict['level'], b: Verdict['level']) => (severity[a] >= severity[b] ? a : b);

const highest = (a: number | undefined, b: number | undefined): number | undefined =>
	a === undefined ? b : b === undefined ? a : Math.max(a, b);

function mean(a: Sample, b: Sample): number | undefined {
	if (a.p50 === undefined || b.p50 === undefined) return a.p50 ?? b.p50;
	const weight = a.calls + b.calls;
	return weight === 0 ? (a.p50 + b.p50) / 2 : (a.p50 * a.calls + b.p50 * b.calls) / weight;
}

/** Merges two spans: counts are added; of p99, utilization and journal the higher one is kept, so that no spike disappears. */
export function merge(a: Sample, b: Sample): Sample {
	return {
		memory: a.memory + b.memory,
		redis: a.redis + b.redis,
		misses: a.misses + b.misses,
		calls: a.calls + b.calls,
		seconds: a.seconds + b.seconds,
		p50: mean(a, b),
		p99: highest(a.p99, b.p99),
		wrongReads: a.wrongReads + b.wrongReads,
		utilization: Math.max(a.utilization, b.utilization),
		journal: Math.max(a.journal, b.journal),
		server: a.server && b.server ? joinSpans(a.server, b.server) : (a.server ?? b.server),
		application: mergeApplication(a.application, b.application),
		level: worse(a.level, b.level),
	};
}
