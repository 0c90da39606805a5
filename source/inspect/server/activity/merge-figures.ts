import type {BusyCommand, ServerFigures} from './figures.js';

type Counted = Pick<
	ServerFigures,
	| 'hits'
	| 'misses'
	| 'commands'
	| 'families'
	| 'failedCommands'
	| 'busiest'
	| 'errors'
	| 'latency'
	| 'bytesIn'
	| 'bytesOut'
	| 'evicted'
	| 'expired'
	| 'connections'
	| 'rejectedConnections'
	| 'cpuSeconds'
>;

const busiestLimit = 10;

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
	return [...byName.values()].sort((x, y) => y.microseconds - x.microseconds).slice(0, busiestLimit);
}

const higher = (a: number | undefined, b: number | undefined): number | undefined =>
	a === undefined ? b : b === undefined ? a : Math.max(a, b);

/** Averages weighted by commands. Quantiles of a whole cannot be told from those of its parts. */
function average(a: number | undefined, b: number | undefined, weightA: number, weightB: number): number | undefined {
	if (a === undefined || b === undefined) return a ?? b;
	const weight = weightA + weightB;
	return weight === 0 ? (a + b) / 2 : (a * weightA + b * weightB) / weight;
}

const addCounts = (a: ServerFigures, b: ServerFigures): Counted => ({
	hits: a.hits + b.hits,
	misses: a.misses + b.misses,
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
	bytesIn: a.bytesIn + b.bytesIn,
	bytesOut: a.bytesOut + b.bytesOut,
	evicted: a.evicted + b.evicted,
	expired: a.expired + b.expired,
	connections: a.connections + b.connections,
	rejectedConnections: a.rejectedConnections + b.rejectedConnections,
	cpuSeconds: a.cpuSeconds + b.cpuSeconds,
});

/** Joins two spans of one server: counts add up, the state is that of the later one, the higher p99 and ping stay. */
export function joinSpans(earlier: ServerFigures, later: ServerFigures): ServerFigures {
	return {
		...later,
		...addCounts(earlier, later),
		seconds: earlier.seconds + later.seconds,
		pingMs: higher(earlier.pingMs, later.pingMs),
	};
}

/** Joins one span of two nodes of a cluster: counts and states add up, the higher p99 and ping stay. */
export function joinNodes(a: ServerFigures, b: ServerFigures): ServerFigures {
	return {
		...addCounts(a, b),
		at: Math.max(a.at, b.at),
		seconds: Math.max(a.seconds, b.seconds),
		clients: a.clients + b.clients,
		blockedClients: a.blockedClients + b.blockedClients,
		usedMemory: a.usedMemory + b.usedMemory,
		// A sum says nothing where one of the nodes has no limit.
		maxMemory: a.maxMemory > 0 && b.maxMemory > 0 ? a.maxMemory + b.maxMemory : 0,
		keys: a.keys + b.keys,
		expires: a.expires + b.expires,
		pingMs: higher(a.pingMs, b.pingMs),
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
