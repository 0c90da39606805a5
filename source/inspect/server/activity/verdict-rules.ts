import {formatAge, formatElapsed, formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCount, formatCountOf, formatPercent, formatShortCount} from '../../../text/number.js';
import type {InfoSections} from '../info/info-sections.js';
import type {MissingNode} from '../info/read-node.js';
import type {SlowCall} from '../info/slow-log.js';
import type {ServerFigures} from './figures.js';
import {commandThreadShare, hitRatioOf, perSecond} from './merge-figures.js';
import {ordinaryErrors} from './ordinary-errors.js';
import {unknownGreetings} from './own/greetings.js';
import {thresholds} from './thresholds.js';

/** The state of a server that the rules evaluate. */
export type ServerState = {
	/** Milliseconds since the last answer; undefined before the first. */
	readonly silentMs: number | undefined;
	/** First word of the reply that refuses the login of this program, such as `WRONGPASS`. Applications may still be served. */
	readonly loginRefusal: string | undefined;
	/** True if the server, or its machine, refuses or resets new connections. */
	readonly isRefused: boolean;
	/** Figures of the last ten seconds. */
	readonly recent: ServerFigures | undefined;
	/**
	 * The masters of a cluster that answer. One may be at a limit that the sum is far from. Empty for a single server.
	 */
	readonly nodes: readonly NodeState[];
	/** The masters that do not answer. */
	readonly missing: readonly MissingNode[];
	/** Hit ratio up to half a minute ago, or from the start of the server to the first poll; 0 to 1. */
	readonly usualHitRatio: number | undefined;
	readonly info: InfoSections;
	/** The slowest command of other programs in the last minute. */
	readonly slowest: SlowCall | undefined;
	/** The last observed restart; `address` is the node of a cluster. */
	readonly restart: {readonly agoMs: number; readonly address: string | undefined} | undefined;
};

/** One master of a cluster. */
export type NodeState = {
	readonly address: string;
	/** Figures of the last second. Undefined before its second answer. */
	readonly recent: ServerFigures | undefined;
	readonly info: InfoSections;
};

export type ProblemId =
	| 'silent'
	| 'nodes-missing'
	| 'cluster-down'
	| 'loading'
	| 'out-of-memory'
	| 'refused-connections'
	| 'restarted'
	| 'replica-cut-off'
	| 'save-failed'
	| 'hit-ratio'
	| 'evicting'
	| 'memory'
	| 'clients'
	| 'busy'
	| 'slow'
	| 'slow-command'
	| 'errors';

export type Problem = {
	readonly id: ProblemId;
	/** `bad`: applications get errors or no answers. `warn`: they get fewer hits or slower answers, or soon will. */
	readonly level: 'warn' | 'bad';
	readonly text: string;
};

type Rule = (state: ServerState) => Omit<Problem, 'id'> | undefined;

const bad = (text: string) => ({level: 'bad', text}) as const;
const warn = (text: string) => ({level: 'warn', text}) as const;

const rate = (count: number, what: string, recent: ServerFigures) =>
	`${formatShortCount(Math.max(1, perSecond(count, recent)))}${what}/s`;

/**
 * Errors that the rule about errors does not count. OOM and LOADING have rules of their own, and while a server loads, commands
 * of this program are refused as well.
 */
const uncountedErrors: ReadonlySet<string> = new Set([...ordinaryErrors, 'OOM', 'LOADING']);

const rules: Readonly<Record<ProblemId, Rule>> = {
	silent({silentMs, loginRefusal, isRefused}) {
		if (silentMs === undefined || silentMs <= (isRefused ? thresholds.refusedMs : thresholds.silentMs))
			return undefined;
		// Applications may still be served.
		return loginRefusal === undefined
			? bad(`no answer for ${formatElapsed(silentMs)}${isRefused ? ': it accepts no connection' : ''}`)
			: warn(
					`${loginRefusal}: the server refuses the login of this program, no figures for ${formatElapsed(silentMs)}`,
				);
	},
	'nodes-missing'({nodes, missing}) {
		const [first, ...others] = missing.filter(
			({isUnreachable, silentMs}) => isUnreachable || silentMs > thresholds.silentMs,
		);
		if (first === undefined) return undefined;
		const all = nodes.length + missing.length;
		const more = others.length === 0 ? '' : ` and ${formatCountOf(others.length, 'more node')}`;
		return bad(`${all - others.length - 1} of ${all} nodes answer, without ${first.address} (${first.reason})${more}`);
	},
	'cluster-down': ({info}) =>
		info.cluster?.cluster_state === 'fail'
			? bad(
					`the cluster refuses keys (CLUSTERDOWN), ${formatCount(Number(info.cluster.cluster_slots_ok))} of 16,384 slots are served`,
				)
			: undefined,
	loading({info}) {
		if (info.persistence?.loading !== '1') return undefined;
		const done = Number(info.persistence.loading_loaded_perc);
		return bad(`loading its data${Number.isFinite(done) ? `, ${formatPercent(done / 100, 0)} done` : ''}`);
	},
	'out-of-memory': ({recent}) =>
		recent?.errors.OOM
			? bad(`out of memory: ${rate(recent.errors.OOM, ' writes', recent)} refused with OOM`)
			: undefined,
	'refused-connections': ({recent, info}) =>
		recent && recent.rejectedConnections > 0
			? bad(
					`refusing ${rate(recent.rejectedConnections, ' connections', recent)} at maxclients ${info.clients?.maxclients ?? ''}`.trim(),
				)
			: undefined,
	restarted: ({restart}) =>
		restart && restart.agoMs < thresholds.restartMs
			? warn(`${restart.address === undefined ? '' : `${restart.address}: `}restarted ${formatAge(restart.agoMs)} ago`)
			: undefined,
	'replica-cut-off': ({info}) =>
		info.replication?.role === 'slave' && info.replication.master_link_status === 'down'
			? bad('this replica has lost its master')
			: undefined,
	'save-failed': ({info}) =>
		info.persistence?.rdb_last_bgsave_status === 'err' || info.persistence?.aof_last_write_status === 'err'
			? bad('the last save to disk failed')
			: undefined,
	'hit-ratio'({recent, usualHitRatio}) {
		if (!recent || recent.hits + recent.misses < thresholds.lookups) return undefined;
		const now = hitRatioOf(recent) ?? 0;
		if (usualHitRatio !== undefined && usualHitRatio - now >= thresholds.hitRatioDrop)
			return warn(`hit ratio ${formatPercent(usualHitRatio, 0).replace(' %', '')} → ${formatPercent(now, 0)}`);
		return now < thresholds.hitRatio ? warn(`hit ratio ${formatPercent(now, 0)}`) : undefined;
	},
	evicting: ({recent}) =>
		recent && perSecond(recent.evicted, recent) >= thresholds.evictions
			? warn(`evicting ${rate(recent.evicted, '', recent)}, ${memoryWords(recent)}`)
			: undefined,
	memory({recent, info}) {
		if (!recent || recent.maxMemory === 0 || recent.evicted > 0) return undefined;
		const isFull = recent.usedMemory / recent.maxMemory >= thresholds.memoryShare;
		const policy = info.memory?.maxmemory_policy;
		return isFull && policy === 'noeviction' ? warn(`${memoryWords(recent)} with noeviction`) : undefined;
	},
	clients({recent, info}) {
		const limit = Number(info.clients?.maxclients);
		return recent && limit > 0 && recent.clients / limit >= thresholds.clientShare
			? warn(`${formatShortCount(recent.clients)} of ${formatShortCount(limit)} clients`)
			: undefined;
	},
	busy({recent}) {
		const share = recent && commandThreadShare(recent);
		return share !== undefined && share >= thresholds.cpuShare
			? warn(`the command thread ${formatPercent(share, 0)} busy`)
			: undefined;
	},
	slow: ({recent}) =>
		recent?.latency.p99 !== undefined && recent.latency.p99 >= thresholds.p99Ms
			? warn(`p99 ${formatLatency(recent.latency.p99)} in the server`)
			: undefined,
	'slow-command'({slowest}) {
		if (!slowest || slowest.ms < thresholds.slowCommandMs) return undefined;
		const [name = ''] = slowest.command.split(' ');
		const {client, address} = slowest;
		return warn(`slowest: ${name} by ${client || address || 'a client'}, ${formatLatency(slowest.ms)}`);
	},
	errors({recent, info}) {
		if (!recent) return undefined;
		const greetings = unknownGreetings(recent.connections, info);
		const [worst] = Object.entries(recent.errors)
			.map(([kind, count]) => [kind, kind === 'ERR' ? count - greetings : count] as const)
			.filter(([kind, count]) => !uncountedErrors.has(kind) && perSecond(count, recent) >= thresholds.errors)
			.sort(([, a], [, b]) => b - a);
		return worst && warn(rate(worst[1], ` ${worst[0]} errors`, recent));
	},
};

/**
 * Rules that are evaluated for each node of a cluster: about limits, of which a sum over nodes would be misleading, and about
 * states, which cannot be summed.
 */
const nodeRules: ReadonlySet<ProblemId> = new Set([
	'loading',
	'replica-cut-off',
	'save-failed',
	'memory',
	'clients',
	'busy',
]);

/** The address of the first node with this problem, and the number of others that have it. */
function nodeProblem(id: ProblemId, state: ServerState): ReturnType<Rule> {
	const [first, ...others] = state.nodes.flatMap(({address, recent, info}) => {
		const problem = rules[id]({...state, recent, info});
		return problem ? [{address, ...problem}] : [];
	});
	if (first === undefined) return undefined;
	const {address, level, text} = first;
	const more = others.length === 0 ? '' : ` (and ${formatCountOf(others.length, 'more node')})`;
	return {level, text: `${address}${more}: ${text}`};
}

function memoryWords({usedMemory, maxMemory}: ServerFigures): string {
	return maxMemory > 0
		? `memory ${formatPercent(Math.min(1, usedMemory / maxMemory), 0)} of ${formatBytes(maxMemory)}`
		: `memory ${formatBytes(usedMemory)}, no limit`;
}

/** The current problems of a server. While it does not answer, its figures are outdated and not evaluated. */
export function problemsOf(state: ServerState): readonly Problem[] {
	const silent = rules.silent(state);
	if (silent) return [{id: 'silent', ...silent}];
	return (Object.keys(rules) as ProblemId[]).flatMap((id) => {
		const problem = state.nodes.length > 0 && nodeRules.has(id) ? nodeProblem(id, state) : rules[id](state);
		return problem ? [{id, ...problem}] : [];
	});
}

/** The main figures in words; undefined before they were measured. */
export function summaryOf({recent}: ServerState): string | undefined {
	if (!recent) return undefined;
	const ratio = hitRatioOf(recent);
	return [
		ratio === undefined ? 'no lookups' : `hit ratio ${formatPercent(ratio, 0)}`,
		`${formatShortCount(perSecond(recent.commands, recent))} commands/s`,
		memoryWords(recent),
	].join(', ');
}
