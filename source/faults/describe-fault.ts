import {formatDuration} from '../text/duration.js';
import {formatPercent} from '../text/number.js';
import {defaultFlakyMs} from './catalogue.js';
import type {Direction, Fault} from './fault.js';

/** One line with the fault's parameters, defaults left out: `latency 200 ms ± 50 ms, down`. */
export function describeFault(fault: Fault): string {
	switch (fault.kind) {
		case 'reset':
			return fault.afterMs ? `reset after ${formatDuration(fault.afterMs)}` : 'reset';
		case 'blackhole':
		case 'stall':
			return `${fault.kind}${suffixOf(fault.direction)}`;
		case 'latency': {
			const jitter = fault.jitterMs ? ` ± ${formatDuration(fault.jitterMs)}` : '';
			return `latency ${formatDuration(fault.delayMs)}${jitter}${suffixOf(fault.direction)}`;
		}
		case 'bandwidth':
			return `bandwidth ${fault.kbps} KB/s${suffixOf(fault.direction)}`;
		case 'slice': {
			const delay = fault.delayMs ? ` every ${formatDuration(fault.delayMs)}` : '';
			return `slice ${fault.bytes} bytes${delay}${suffixOf(fault.direction)}`;
		}
		case 'flaky':
			return `flaky ${percent(fault.probability)} every ${formatDuration(fault.everyMs ?? defaultFlakyMs)}`;
		case 'limit':
			return `limit ${fault.bytes} bytes${suffixOf(fault.direction)}`;
		case 'error': {
			const {error, probability = 1} = fault;
			return `error ${error}${probability === 1 ? '' : ` ${percent(probability)}`}`;
		}
		case 'refuse':
		case 'handshake':
		case 'kill':
		case 'pause':
		case 'restart':
		case 'memory-full':
			return fault.kind;
	}
}

function suffixOf(direction: Direction | undefined): string {
	return direction === undefined || direction === 'both' ? '' : `, ${direction}`;
}

function percent(share: number): string {
	return formatPercent(share, 1, 'drop');
}
