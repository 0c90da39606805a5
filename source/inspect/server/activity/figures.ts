import type {CommandCounter, ServerCounters} from '../info/counters.js';
import {type InfoCounters, type InfoGauges, mapCounters, mapGauges} from '../info/info-fields.js';
import {LatencySpan} from '../info/latency-counts.js';
import {type CommandFamily, commandFamilies, familyOf} from './command-families.js';
import type {OwnCommands} from './own/own-commands.js';

/** The calls of one command in a span of time. */
export type BusyCommand = {
	readonly name: string;
	readonly calls: number;
	/** Microseconds that the server worked on them. */
	readonly microseconds: number;
};

/**
 * The activity of applications on a server in a span of time: its counters at the end minus those at the start, without the
 * activity of this program and without administration commands. Gauges are those at the end. `clients` does not include
 * connections of this program.
 */
export type ServerFigures = InfoCounters &
	InfoGauges & {
		/** End of the span, Unix time in milliseconds. */
		readonly at: number;
		/** Length of the span in seconds. */
		readonly seconds: number;
		/** Number of masters of a cluster over which it is summed; 1 for a single server. */
		readonly nodes: number;
		readonly commands: number;
		readonly families: Readonly<Record<Exclude<CommandFamily, 'administration'>, number>>;
		/** Number of refused and failed commands. */
		readonly failedCommands: number;
		/** The commands that took the most time, at most ten. */
		readonly busiest: readonly BusyCommand[];
		/** Error replies by their first word. */
		readonly errors: Readonly<Record<string, number>>;
		/**
		 * Execution time of a command on the server, in milliseconds. `p50` and `p99` are undefined without LATENCY HISTOGRAM;
		 * without commands all are.
		 */
		readonly latency: {
			readonly p50: number | undefined;
			readonly p99: number | undefined;
			readonly mean: number | undefined;
		};
		/** Round-trip time of a PING of this program, in milliseconds. */
		readonly pingMs: number | undefined;
	};

/** The activity of this program on the server between two snapshots. */
export type OwnShare = {
	readonly commands: OwnCommands;
	/** Connections of this program at the end. */
	readonly connections: number;
	readonly pingMs: number | undefined;
};

const busiestLimit = 10;

/** True if a counter has decreased: the server has restarted, or its statistics were reset. */
export function isReset(before: ServerCounters, after: ServerCounters): boolean {
	if (before.runId !== after.runId) return true;
	return (
		Object.values(mapCounters((name) => after[name] - before[name])).some((growth) => growth < 0) ||
		[...before.commands].some(([name, {calls}]) => (after.commands.get(name)?.calls ?? 0) < calls)
	);
}

type CommandShare = BusyCommand & {readonly unsuccessful: number};

const nothing: CommandCounter = {calls: 0, microseconds: 0, rejected: 0, failed: 0};

/** The commands of applications in the span. Commands of this program are assumed to take the average time of that command. */
function commandsBetween(before: ServerCounters, after: ServerCounters, own: OwnCommands): readonly CommandShare[] {
	return [...after.commands].flatMap(([name, now]): CommandShare[] => {
		if (familyOf(name) === 'administration') return [];
		const then = before.commands.get(name) ?? nothing;
		const all = now.calls - then.calls;
		const unsuccessful = now.rejected + now.failed - then.rejected - then.failed;
		const calls = Math.max(0, all - (own.calls.get(name) ?? 0));
		if (calls === 0 && unsuccessful <= 0) return [];
		return [
			{name, calls, microseconds: all > 0 ? ((now.microseconds - then.microseconds) * calls) / all : 0, unsuccessful},
		];
	});
}

function errorsBetween(before: ServerCounters, after: ServerCounters, own: OwnCommands): Record<string, number> {
	return Object.fromEntries(
		[...after.errors]
			.map(([kind, count]) => [kind, count - (before.errors.get(kind) ?? 0) - (own.errors.get(kind) ?? 0)] as const)
			.filter(([, count]) => count > 0),
	);
}

function latencyBetween(before: ServerCounters, after: ServerCounters, commands: readonly CommandShare[]) {
	const calls = commands.reduce((sum, command) => sum + command.calls, 0);
	const microseconds = commands.reduce((sum, command) => sum + command.microseconds, 0);
	const span = new LatencySpan();
	if (before.latency && after.latency)
		for (const {name} of commands) span.add(before.latency.get(name), after.latency.get(name) ?? []);
	return {p50: span.quantile(0.5), p99: span.quantile(0.99), mean: calls > 0 ? microseconds / calls / 1000 : undefined};
}

/**
 * The activity of applications between two snapshots of a server's counters.
 *
 * @returns Undefined if the counters were reset in between.
 */
export function figuresBetween(
	before: ServerCounters,
	after: ServerCounters,
	own: OwnShare,
): ServerFigures | undefined {
	if (isReset(before, after)) return undefined;
	const commands = commandsBetween(before, after, own.commands);
	const families = Object.fromEntries(commandFamilies.map((family) => [family, 0])) as Record<CommandFamily, number>;
	for (const {name, calls} of commands) families[familyOf(name)] += calls;
	const {administration: _, ...applications} = families;
	const ours: Partial<InfoCounters> = {hits: own.commands.hits, misses: own.commands.misses};
	return {
		...mapCounters((name) => Math.max(0, after[name] - before[name] - (ours[name] ?? 0))),
		...mapGauges((name) => after[name]),
		at: after.at,
		seconds: (after.at - before.at) / 1000,
		nodes: 1,
		commands: commands.reduce((sum, {calls}) => sum + calls, 0),
		families: applications,
		failedCommands: Math.max(0, commands.reduce((sum, {unsuccessful}) => sum + unsuccessful, 0) - own.commands.failed),
		busiest: busiestOf(commands),
		errors: errorsBetween(before, after, own.commands),
		latency: latencyBetween(before, after, commands),
		clients: Math.max(0, after.clients - own.connections),
		pingMs: own.pingMs,
	};
}

/** The commands that took the most time. */
export function busiestOf(commands: readonly BusyCommand[]): readonly BusyCommand[] {
	return commands
		.filter(({calls}) => calls > 0)
		.map(({name, calls, microseconds}) => ({name, calls, microseconds}))
		.sort((a, b) => b.microseconds - a.microseconds)
		.slice(0, busiestLimit);
}
