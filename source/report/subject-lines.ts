import type {DrillReport} from '../drills/drill-report.js';
import {formatLatency} from '../text/duration.js';
import {formatCount, formatCountOf} from '../text/number.js';

/** Lines about the recovery of a subject, as its calls show it. They replace those about the modes and journal of a cache. */
export function recoveryOfSubject({recoveryMs, modes}: DrillReport): string {
	if (modes.every(({mode}) => mode === 'connected')) return 'It returned newly stored values all the time.';
	if (recoveryMs === null) return 'It did not return newly stored values again after the last fault.';
	return `It returned newly stored values again ${formatLatency(recoveryMs)} after the last fault was lifted.`;
}

/** Lines about deleted or overwritten values that came back; none if that is unknown. */
export function returnedLines({returned}: DrillReport): string[] {
	if (returned === undefined) return [];
	const {keys, ownProcess, otherProcess} = returned;
	const other = otherProcess === null ? '' : `, ${amount(otherProcess)} in a process that was started after it`;
	return [
		`after the drill, of ${formatCountOf(keys, 'changed key')}: ${amount(ownProcess)} with an old value in its own process${other}`,
	];
}

function amount(count: number): string {
	return count === 0 ? 'none' : formatCount(count);
}
