import {mapCounters, mapGauges} from '../info/info-fields.js';
import {type BusyCommand, busiestOf, type ServerFigures} from './figures.js';

function addNumbers<Key extends string>(a: Readonly<Record<Key, number>>, b: Readonly<Record<Key, number>>) {
	const sum: Record<string, number> = {...a};
	for (const [name, value] of Object.entries<number>(b)) sum[name] = (sum[name] ?? 0) + value;
	return sum as Record<Key, number>;
}

function addCommands(a: readonly BusyCommand[], b: readonly BusyCommand[]): readonly BusyCommand[] {
	const byName = new Map(a.map((command) => [command.name, command]));
	for (const command of b) {
		const {name, calls, microseconds} = command;
		const other = byName.get(name);
		byName.set(
			name,
			other ? {name, calls: other.calls + calls, microseconds: other.microseconds + microseconds} : command,
		);
	}
	return busiestOf([...byName.values()]);
}

const higher = (a: number | undefined, b: number | undefined): number | undefined =>
	a === undefined ? b : b === undefined ? a : Math.max(a, b);

/** A weighted average. Quantiles of a whole cannot be computed from those of its parts. */
function average(a: number | undefined, b: number | undefined, weightA: number, weightB: number): number | undefined {
	if (a === undefined || b === undefined) return a ?? b;
	const weight = weightA + weightB;
	return weight === 0 ? (a + b) / 2 : (a * weightA + b * weightB) / weight;
}

/** Adds the figures that can be added over spans of time as well as over nodes. */
const addCounts = (a: ServerFigures, b: ServerFigures) => ({
	...mapCounters((name) => a[name] + b[name]),
	commands: a.commands + b.commands,
	families: addNumbers(a.families, b.families),
	failedCommands: a.failedCommands + b.failedCommands,
	busiest: addCommands(a.busiest, b.busiest),
	errors: addNumbers(a.errors, b.errors),
	latency: {
		p50: average(a.latency.p50, b.latency.p50, a.commands, b.commands),
		p99: higher(a.latency.p99, b.latency.p99),
		mean: average(a.latency.mean, b.latency.mean, a.commands, b.commands),
	},
	pingMs: higher(a.pingMs, b.pingMs),
});

/** Joins two spans of one server: adds counts, and takes the gauges of the later one and the higher p99 and ping. */
export function joinSpans(earlier: ServerFigures, later: ServerFigures): ServerFigures {
	return {...later, ...addCounts(earlier, later), seconds: earlier.seconds + later.seconds};
}

/** Joins the same span of two nodes of a cluster: adds counts and gauges, and takes the higher p99 and ping. */
export function joinNodes(a: ServerFigures, b: ServerFigures): ServerFigures {
	return {
		...addCounts(a, b),
		...mapGauges((name) => a[name] + b[name]),
		// A sum is meaningless if one of the nodes has no limit.
		maxMemory: a.maxMemory > 0 && b.maxMemory > 0 ? a.maxMemory + b.maxMemory : 0,
		nodes: a.nodes + b.nodes,
		at: Math.max(a.at, b.at),
		seconds: Math.max(a.seconds, b.seconds),
	};
}

/** Share of lookups that found their key, 0 to 1; undefined without lookups. */
export function hitRatioOf({hits, misses}: Pick<ServerFigures, 'hits' | 'misses'>): number | undefined {
	const lookups = hits + misses;
	return lookups > 0 ? hits / lookups : undefined;
}

/** A count a second. */
export const perSecond = (count: number, {seconds}: Pick<ServerFigures, 'seconds'>): number =>
	seconds > 0 ? count / seconds : 0;

/**
 * Busy share of the thread that runs commands, 0 to 1; in a cluster, the average of the nodes. Threads for network and files
 * are not included, unless the server reports only a total.
 */
export const commandThreadShare = (figures: ServerFigures): number => {
	const {mainThreadSeconds, cpuSeconds, nodes} = figures;
	return Math.min(1, perSecond(mainThreadSeconds > 0 ? mainThreadSeconds : cpuSeconds, figures) / nodes);
};
