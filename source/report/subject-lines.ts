import type {DrillReport} from '../drills/drill-report.js';
import {formatLatency} from '../text/duration.js';
import {formatCount, formatCountOf} from '../text/number.js';

/** Lines on a subject as observed by its calls, instead of those on the cache's modes and journal. */
export function recoveryOfSubject({recoveryMs, modes}: DrillReport): string {
	if (modes.every(({mode}) => mode === 'connected')) return 'It returned newly stored values all the time.';
	if (recoveryMs === null) return 'It did not return newly stored values again after the last fault.';
	return `It returned newly stored values again ${formatLatency(recoveryMs)} after the last fault was lifted.`;
}

/** The values that came back; no line if unknown. */
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
