import {type InfoCounters, type InfoGauges, readFields} from './info-fields.js';
import type {InfoSections} from './info-sections.js';
import {type LatencyCounts, parseLatencyHistogram} from './latency-counts.js';

/** Counters of a command since the start of the server. */
export type CommandCounter = {
	readonly calls: number;
	/** Total execution time in microseconds. */
	readonly microseconds: number;
	/** Calls that the server refused before execution: wrong number of arguments, no permission, out of memory. */
	readonly rejected: number;
	/** Calls that failed during execution. */
	readonly failed: number;
};

/** All counters of a server since its start, and its gauges. */
export type ServerCounters = InfoCounters &
	InfoGauges & {
		/** Unix time in milliseconds. */
		readonly at: number;
		/** Changes with each restart. */
		readonly runId: string;
		readonly commands: ReadonlyMap<string, CommandCounter>;
		/** Error replies by their first word. */
		readonly errors: ReadonlyMap<string, number>;
		/** Undefined: the server has no LATENCY HISTOGRAM (before Redis 7.0), or this user may not call it. */
		readonly latency: ReadonlyMap<string, LatencyCounts> | undefined;
	};

type Fields = Readonly<Record<string, string>>;

/** A field of the form `calls=3,usec=17`. */
function partsOf(value: string): ReadonlyMap<string, number> {
	return new Map(
		value.split(',').map((part) => {
			const [name = '', number] = part.split('=');
			return [name, Number(number) || 0];
		}),
	);
}

function entriesOf<Value>(
	section: Fields | undefined,
	prefix: string,
	read: (parts: ReadonlyMap<string, number>) => Value,
) {
	return new Map(
		Object.entries(section ?? {})
			.filter(([field]) => field.startsWith(prefix))
			.map(([field, value]) => [field.slice(prefix.length), read(partsOf(value))]),
	);
}

/**
 * The counters in an answer to `INFO ALL`.
 *
 * @param at When it was answered, Unix time in milliseconds.
 * @param histogram The reply to LATENCY HISTOGRAM.
 */
export function countersOf(info: InfoSections, at: number, histogram: unknown): ServerCounters {
	return {
		...readFields(info),
		at,
		runId: info.server?.run_id ?? '',
		commands: entriesOf(info.commandstats, 'cmdstat_', (parts) => ({
			calls: parts.get('calls') ?? 0,
			microseconds: parts.get('usec') ?? 0,
			rejected: parts.get('rejected_calls') ?? 0,
			failed: parts.get('failed_calls') ?? 0,
		})),
		errors: entriesOf(info.errorstats, 'errorstat_', (parts) => parts.get('count') ?? 0),
		latency: histogram === undefined ? undefined : parseLatencyHistogram(histogram),
	};
}
