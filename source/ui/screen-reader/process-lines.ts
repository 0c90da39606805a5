import {formatLatency} from '../../text/duration.js';
import {formatCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {processState} from '../rows/process/process-state.js';
import type {StoreState} from '../store/store.js';

/** The live process that this program is attached to: how it is doing, and its loads. */
export function processLines(state: StoreState): readonly string[] {
	const attached = state.snapshot?.attached;
	if (!attached) return ['Starting.'];
	const {name, pid, loads} = attached;
	const [slowest] = loads.slowest;
	return [
		`Attached to ${printable(name)}, process ${pid}.`,
		`${processState(state).text.replace(/\.$/, '')}.`,
		`Journal: ${formatCount(state.snapshot?.cache.journal.size)} keys.`,
		`Loads: ${formatCount(loads.inFlight)} in flight, ${formatCount(loads.waiting)} wait.${slowest ? ` Slowest: ${printable(slowest.key)}, ${formatLatency(slowest.ms)}.` : ''}`,
	];
}
