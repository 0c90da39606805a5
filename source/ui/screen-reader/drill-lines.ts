import type {DrillSnapshot} from '../../engine/protocol.js';
import {formatElapsed} from '../../text/duration.js';
import {formatCountOf} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {figureSentences} from '../rows/faults/drill-figures.js';
import {isWords} from '../rows/faults/drill-rows.js';

/** A drill that runs or ran last: its state, the expectations that failed, and its figures. */
export function drillLines({name, state, elapsedMs, totalMs, expectations, report}: DrillSnapshot): readonly string[] {
	const failed = expectations.filter((expectation) => expectation.state === 'failed');
	const progress = `${formatElapsed(Math.min(elapsedMs, totalMs))} of ${formatElapsed(totalMs)}`;
	return [
		`Drill ${printable(name)} ${state}, ${progress}. ${formatCountOf(failed.length, 'expectation')} failed.`,
		...failed.map((expectation) => `Failed: ${printable(expectation.name)}, ${isWords(expectation.actual)}.`),
		...(report ? figureSentences(report, ', then ').map(({text}) => `${text}.`) : []),
	];
}
