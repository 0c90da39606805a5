import {formatDuration} from '../text/duration.js';
import {formatPercent} from '../text/number.js';
import type {Direction, Fault, FaultKind, ServerFault} from './fault.js';

/** One parameter of a fault, as menus show it and the palette reads it. */
export type FaultParameter = {
	/** The field of the fault that it sets: `delayMs`. */
	readonly field: string;
	/** The word before its value in the palette; parameters also come by position, in the order listed. */
	readonly word: string;
	readonly unit: 'ms' | 'KB/s' | 'bytes' | 'share' | 'direction' | 'error';
	/** Used when it is not given. */
	readonly default: number | string;
	readonly required: boolean;
	readonly min?: number;
	readonly max?: number;
	readonly choices?: readonly string[];
};

export type FaultInfo = {
	readonly kind: FaultKind;
	/** `wire`: made by the proxy, on this program's own connections. `server`: done to a server that this program started. */
	readonly where: 'wire' | 'server';
	/** What it is in real life, in one line. */
	readonly summary: string;
	readonly parameters: readonly FaultParameter[];
};

const direction: FaultParameter = {
	field: 'direction',
	word: 'direction',
	unit: 'direction',
	default: 'both',
	required: false,
	choices: ['up', 'down', 'both'],
};

function number(
	field: string,
	word: string,
	unit: FaultParameter['unit'],
	values: {readonly default: number; readonly min: number; readonly max: number; readonly required?: boolean},
): FaultParameter {
	return {
		field,
		word,
		unit,
		default: values.default,
		min: values.min,
		max: values.max,
		required: values.required === true,
	};
}

const minute = 60_000;

/** Every fault there is, in the order menus show them. */
export const faultCatalogue: readonly FaultInfo[] = [
	{kind: 'refuse', where: 'wire', summary: 'the Redis process is gone; nothing listens on its port', parameters: []},
	{
		kind: 'reset',
		where: 'wire',
		summary: 'a load balancer or a crash cuts every connection with a reset',
		parameters: [number('afterMs', 'after', 'ms', {default: 0, min: 0, max: minute})],
	},
	{kind: 'blackhole', where: 'wire', summary: 'a firewall drops packets silently', parameters: [direction]},
	{
		kind: 'stall',
		where: 'wire',
		summary: 'the network freezes; everything sent arrives late, at once',
		parameters: [direction],
	},
	{
		kind: 'handshake',
		where: 'wire',
		summary: 'a hung server still accepts connections and never says a word',
		parameters: [],
	},
	{
		kind: 'latency',
		where: 'wire',
		summary: 'a far region or a congested link delays every packet',
		parameters: [
			number('delayMs', 'delay', 'ms', {default: 100, min: 0, max: minute, required: true}),
			number('jitterMs', 'jitter', 'ms', {default: 0, min: 0, max: minute}),
			direction,
		],
	},
	{
		kind: 'bandwidth',
		where: 'wire',
		summary: 'a noisy neighbour or a throttled instance leaves little of the link',
		parameters: [number('kbps', 'rate', 'KB/s', {default: 100, min: 0.01, max: 10_000_000, required: true}), direction],
	},
	{
		kind: 'slice',
		where: 'wire',
		summary: 'a small MTU cuts data into crumbs, so replies arrive in pieces',
		parameters: [
			number('bytes', 'bytes', 'bytes', {default: 16, min: 1, max: 1_000_000, required: true}),
			number('delayMs', 'delay', 'ms', {default: 0, min: 0, max: minute}),
			direction,
		],
	},
	{
		kind: 'flaky',
		where: 'wire',
		summary: 'a bad switch drops connections now and then',
		parameters: [
			number('probability', 'probability', 'share', {default: 0.3, min: 0, max: 1, required: true}),
			number('everyMs', 'every', 'ms', {default: 1000, min: 10, max: minute}),
		],
	},
	{
		kind: 'limit',
		where: 'wire',
		summary: 'a proxy closes each connection after so many bytes',
		parameters: [
			number('bytes', 'bytes', 'bytes', {default: 100_000, min: 0, max: 1_000_000_000, required: true}),
			direction,
		],
	},
	{
		kind: 'error',
		where: 'wire',
		summary: 'Redis is up but refuses: loading, read-only after a failover, out of memory, cluster down',
		parameters: [
			{
				field: 'error',
				word: 'error',
				unit: 'error',
				default: 'LOADING',
				required: true,
				choices: ['LOADING', 'READONLY', 'OOM', 'CLUSTERDOWN'],
			},
			number('probability', 'probability', 'share', {default: 1, min: 0, max: 1}),
		],
	},
	{
		kind: 'kill',
		where: 'server',
		summary: 'the kernel kills Redis for want of memory; it comes back empty',
		parameters: [],
	},
	{
		kind: 'pause',
		where: 'server',
		summary: 'the machine freezes: a slow fork, a swap storm, a live migration',
		parameters: [],
	},
	{kind: 'restart', where: 'server', summary: 'Redis is restarted and has lost its data', parameters: []},
	{kind: 'memory-full', where: 'server', summary: 'Redis is full and refuses writes; reads go on', parameters: []},
];

export const faultKinds: readonly FaultKind[] = faultCatalogue.map((info) => info.kind);

export function isServerFault(fault: Fault): fault is ServerFault {
	return fault.kind === 'kill' || fault.kind === 'pause' || fault.kind === 'restart' || fault.kind === 'memory-full';
}

/** One line with the fault's parameters: `latency 200 ms ± 50 ms, down`. */
export function describeFault(fault: Fault): string {
	switch (fault.kind) {
		case 'reset':
			return fault.afterMs === undefined || fault.afterMs === 0
				? 'reset'
				: `reset after ${formatDuration(fault.afterMs)}`;
		case 'blackhole':
		case 'stall':
			return fault.kind + way(fault.direction);
		case 'latency': {
			const jitter = fault.jitterMs === undefined || fault.jitterMs === 0 ? '' : ` ± ${formatDuration(fault.jitterMs)}`;
			return `latency ${formatDuration(fault.delayMs)}${jitter}${way(fault.direction)}`;
		}
		case 'bandwidth':
			return `bandwidth ${fault.kbps} KB/s${way(fault.direction)}`;
		case 'slice': {
			const delay = fault.delayMs === undefined || fault.delayMs === 0 ? '' : ` every ${formatDuration(fault.delayMs)}`;
			return `slice ${fault.bytes} bytes${delay}${way(fault.direction)}`;
		}
		case 'flaky':
			return `flaky ${formatPercent(fault.probability, 1, 'drop')} every ${formatDuration(fault.everyMs ?? 1000)}`;
		case 'limit':
			return `limit ${fault.bytes} bytes${way(fault.direction)}`;
		case 'error':
			return `error ${fault.error}${fault.probability === undefined || fault.probability === 1 ? '' : ` ${formatPercent(fault.probability, 1, 'drop')}`}`;
		default:
			return fault.kind;
	}
}

function way(value: Direction | undefined): string {
	return value === undefined || value === 'both' ? '' : `, ${value}`;
}
