import {formatDuration} from '../text/duration.js';
import {formatPercent} from '../text/number.js';
import {type Direction, type Fault, type FaultKind, type FaultOf, nodeRoles, type ServerFault} from './fault.js';

/** One parameter of a fault, as menus show it and the command line reads it. */
export type FaultParameter = {
	/** The field of the fault that the parameter sets: `delayMs`. */
	readonly field: string;
	/** The word before its value on the command line. Values may also come without it, in the order listed. */
	readonly word: string;
	readonly unit: 'ms' | 'offset' | 'KB/s' | 'bytes' | 'share' | 'direction' | 'error';
	/** Used when it is not given. */
	readonly default: number | string;
	readonly required: boolean;
	readonly min?: number;
	readonly max?: number;
	readonly choices?: readonly string[];
};

export type FaultInfo = {
	readonly kind: FaultKind;
	/** `wire`: caused by the proxy, on connections through it. `server`: caused on a server that this program started. */
	readonly where: 'wire' | 'server';
	/** A cause of it in real life, in one line. */
	readonly summary: string;
	readonly parameters: readonly FaultParameter[];
} & FaultTraits;

type FaultTraits = {
	/**
	 * The servers on which the fault is possible. `replicas`: a private cluster, or a private master behind Sentinel; `clock`:
	 * one whose clock can be set. Undefined: any server.
	 */
	readonly needs?: FaultNeed;
	/** True if it ends by itself when it is complete, so that it takes no duration. */
	readonly endsByItself?: true;
};

export type FaultNeed = 'replicas' | 'sentinel' | 'cluster' | 'clock';

type Definition<Kind extends FaultKind> = {
	readonly where: Kind extends ServerFault['kind'] ? 'server' : 'wire';
	readonly summary: string;
	/** One for each field of the fault, in the order in which values are read. */
	readonly parameters: {
		readonly [Field in Exclude<keyof FaultOf<Kind>, 'kind' | 'node' | 'nodeNumber'>]-?: Omit<FaultParameter, 'field'>;
	};
	/** Returns one line with the parameters that differ from their defaults. */
	readonly label: (fault: FaultOf<Kind>) => string;
} & FaultTraits;

/** Default of the milliseconds between two rounds of `flaky`. */
export const defaultFlakyMs = 1000;

const minute = 60_000;

const hour = 60 * minute;

const direction = {
	word: 'direction',
	unit: 'direction',
	default: 'both',
	required: false,
	choices: ['up', 'down', 'both'],
} as const;

const optionalTime = {unit: 'ms', default: 0, required: false, min: 0, max: minute} as const;

const kindOnly = ({kind}: Fault): string => kind;

const suffixOf = (direction: Direction = 'both'): string => (direction === 'both' ? '' : `, ${direction}`);

const formatOffset = (ms: number): string => `${ms < 0 ? '-' : '+'}${formatDuration(Math.abs(ms))}`;

const percent = (share: number): string => formatPercent(share, 1, 'drop');

/**
 * Every fault, in the order in which menus show them. A kind without an entry does not compile, nor does a field
 * without one.
 */
const definitions: {readonly [Kind in FaultKind]: Definition<Kind>} = {
	refuse: {
		where: 'wire',
		summary: 'the Redis process is gone; nothing listens on its port',
		parameters: {},
		label: kindOnly,
	},
	reset: {
		where: 'wire',
		summary: 'a load balancer or a crash cuts every connection with a reset',
		parameters: {afterMs: {word: 'after', ...optionalTime}},
		label: ({afterMs = 0}) => (afterMs === 0 ? 'reset' : `reset after ${formatDuration(afterMs)}`),
	},
	blackhole: {
		where: 'wire',
		summary: 'a firewall drops packets silently',
		parameters: {direction},
		label: ({direction}) => `blackhole${suffixOf(direction)}`,
	},
	stall: {
		where: 'wire',
		summary: 'the network freezes; everything sent arrives late, at once',
		parameters: {direction},
		label: ({direction}) => `stall${suffixOf(direction)}`,
	},
	handshake: {
		where: 'wire',
		summary: 'a hung server accepts connections but never answers',
		parameters: {},
		label: kindOnly,
	},
	latency: {
		where: 'wire',
		summary: 'a far region or a congested link delays every packet',
		parameters: {
			delayMs: {word: 'delay', unit: 'ms', default: 100, required: true, min: 0, max: minute},
			jitterMs: {word: 'jitter', ...optionalTime},
			direction,
		},
		label: ({delayMs, jitterMs = 0, direction}) => {
			const jitter = jitterMs === 0 ? '' : ` ± ${formatDuration(jitterMs)}`;
			return `latency ${formatDuration(delayMs)}${jitter}${suffixOf(direction)}`;
		},
	},
	bandwidth: {
		where: 'wire',
		summary: 'a noisy neighbor or a throttled instance leaves little of the link',
		parameters: {
			kbps: {word: 'rate', unit: 'KB/s', default: 100, required: true, min: 0.01, max: 10_000_000},
			direction,
		},
		label: ({kbps, direction}) => `bandwidth ${kbps} KB/s${suffixOf(direction)}`,
	},
	slice: {
		where: 'wire',
		summary: 'a small MTU cuts data into small slices, so replies arrive in pieces',
		parameters: {
			bytes: {word: 'bytes', unit: 'bytes', default: 16, required: true, min: 1, max: 1_000_000},
			delayMs: {word: 'delay', ...optionalTime},
			direction,
		},
		label: ({bytes, delayMs = 0, direction}) => {
			const delay = delayMs === 0 ? '' : ` every ${formatDuration(delayMs)}`;
			return `slice ${bytes} bytes${delay}${suffixOf(direction)}`;
		},
	},
	flaky: {
		where: 'wire',
		summary: 'a bad switch drops connections at random',
		parameters: {
			probability: {word: 'probability', unit: 'share', default: 0.3, required: true, min: 0, max: 1},
			everyMs: {word: 'every', unit: 'ms', default: defaultFlakyMs, required: false, min: 10, max: minute},
		},
		label: ({probability, everyMs = defaultFlakyMs}) =>
			`flaky ${percent(probability)} every ${formatDuration(everyMs)}`,
	},
	limit: {
		where: 'wire',
		summary: 'a proxy closes each connection after so many bytes, in one direction or both together',
		parameters: {
			bytes: {word: 'bytes', unit: 'bytes', default: 100_000, required: true, min: 0, max: 1_000_000_000},
			direction,
		},
		label: ({bytes, direction}) => `limit ${bytes} bytes${suffixOf(direction)}`,
	},
	error: {
		where: 'wire',
		summary: 'Redis is up but refuses: loading, read-only after a failover, out of memory, cluster down',
		parameters: {
			error: {
				word: 'error',
				unit: 'error',
				default: 'LOADING',
				required: true,
				choices: ['LOADING', 'READONLY', 'OOM', 'CLUSTERDOWN'] satisfies readonly FaultOf<'error'>['error'][],
			},
			probability: {word: 'probability', unit: 'share', default: 1, required: false, min: 0, max: 1},
		},
		label: ({error, probability = 1}) => `error ${error}${probability === 1 ? '' : ` ${percent(probability)}`}`,
	},
	kill: {
		where: 'server',
		summary: 'the kernel kills Redis for lack of memory; it comes back empty',
		parameters: {},
		label: kindOnly,
	},
	pause: {
		where: 'server',
		summary: 'the machine freezes: a slow fork, a swap storm, a live migration',
		parameters: {},
		label: kindOnly,
	},
	restart: {
		where: 'server',
		summary: 'Redis is restarted and has lost its data',
		parameters: {},
		label: kindOnly,
		endsByItself: true,
	},
	'memory-full': {
		where: 'server',
		summary: 'Redis is full and refuses writes; reads work',
		parameters: {},
		label: kindOnly,
	},
	clock: {
		where: 'server',
		summary: 'the clock of a machine is wrong: an NTP step, a migrated virtual machine',
		parameters: {
			offsetMs: {word: 'offset', unit: 'offset', default: '+250ms', required: true, min: -hour, max: hour},
		},
		label: ({offsetMs}) => `clock ${formatOffset(offsetMs)}`,
		needs: 'clock',
	},
	failover: {
		where: 'server',
		summary: 'a replica replaces its master: maintenance, an upgrade',
		parameters: {},
		label: kindOnly,
		needs: 'replicas',
		endsByItself: true,
	},
	lag: {
		where: 'server',
		summary: 'a replica receives nothing from its master and falls behind: a busy link, a slow disk',
		parameters: {},
		label: kindOnly,
		needs: 'replicas',
	},
	split: {
		where: 'server',
		summary: 'a master is cut off from its Sentinels and its replica, but not from its clients',
		parameters: {},
		label: kindOnly,
		needs: 'sentinel',
	},
	reshard: {
		where: 'server',
		summary: 'slots move to another master: a cluster grows, or is rebalanced',
		parameters: {},
		label: kindOnly,
		needs: 'cluster',
	},
};

/** Every kind of fault, in the order in which menus show them. */
export const faultKinds = Object.keys(definitions) as readonly FaultKind[];

/** Every fault, in the order in which menus show them. Serializable. */
export const faultCatalogue: readonly FaultInfo[] = faultKinds.map((kind) => {
	const {where, summary, parameters, needs, endsByItself} = definitions[kind];
	return {
		kind,
		where,
		summary,
		...(needs && {needs}),
		...(endsByItself && {endsByItself}),
		parameters: Object.entries<Omit<FaultParameter, 'field'>>(parameters).map(([field, parameter]) => ({
			field,
			...parameter,
		})),
	};
});

/** True for a fault of the server's process, false for one that the proxy causes. */
export function isServerFault(fault: Fault): fault is ServerFault {
	return definitions[fault.kind].where === 'server';
}

/** Target and duration of a kind of fault. */
export const traitsOf = (kind: FaultKind): FaultTraits => definitions[kind];

/** One line with the fault's parameters, defaults left out: `latency 200 ms ± 50 ms, down, on node 2 (10.0.0.7:6379)`. */
export function describeFault(fault: Fault): string {
	const effect = describeEffect(fault);
	if (fault.node === undefined) return effect;
	const node = describeNode(fault.node);
	return `${effect}, on ${fault.nodeNumber === undefined ? node : `node ${fault.nodeNumber} (${node})`}`;
}

/** The same without the node: `latency 200 ms ± 50 ms, down`. */
export function describeEffect(fault: Fault): string {
	// The compiler cannot infer that the entry of a fault's kind accepts that fault.
	const label = definitions[fault.kind].label as (fault: Fault) => string;
	return label(fault);
}

/** A node as a fault names it: `node 2`, `the master`, `10.0.0.7:6379`. */
export function describeNode(node: string): string {
	if (nodeRoles.some((role) => role === node)) return `the ${node}`;
	return /^\d+$/.test(node) ? `node ${node}` : node;
}
