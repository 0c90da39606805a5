import type {DrillSnapshot} from '../../engine/protocol.js';
import {formatElapsed} from '../../text/duration.js';
import {formatCountOf} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {figureSentences} from '../rows/faults/drill-figures.js';
import {measuredWords, undecidedOf} from '../rows/faults/drill-rows.js';

/** A drill that runs or ran last: its state, the expectations that failed or could not be decided, and its figures. */
export function drillLines(drill: DrillSnapshot): readonly string[] {
	const {name, state, elapsedMs, totalMs, expectations, report} = drill;
	const failed = expectations.filter((expectation) => expectation.state === 'failed');
	const progress = `${formatElapsed(Math.min(elapsedMs, totalMs))} of ${formatElapsed(totalMs)}`;
	return [
		`Drill ${printable(name)} ${state}, ${progress}. ${formatCountOf(failed.length, 'expectation')} failed.`,
		...failed.map((expectation) => `Failed: ${printable(expectation.name)}, ${measuredWords(expectation)}.`),
		...undecidedOf(drill).map((expectation) => `Not decided: ${printable(expectation.name)}: ${expectation.reason}.`),
		...(report ? figureSentences(report, ', then ').map(({text}) => `${text}.`) : []),
	];
}
