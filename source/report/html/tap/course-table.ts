import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent} from '../../../text/number.js';
import type {TapFault} from '../../tap/tap-result.js';
import {secondsWords} from '../../words.js';
import {type Html, html} from '../html.js';
import {table} from '../table.js';
import type {CoursePart} from './course-parts.js';

const numbers = ['Commands/s', 'Hit ratio', 'Median', 'p99', 'Slowest', 'Errors', 'Lost', 'Connections', 'Opened'];

/** The charts as a table, for screen readers and for exact figures. */
export function courseTable(parts: readonly CoursePart[], faults: readonly TapFault[]): Html {
	const rows = parts.map((part) => {
		const {fromMs, toMs, hits, misses} = part;
		const inForce = faults.filter((fault) => fault.fromMs < toMs && fault.toMs > fromMs);
		return [
			`${secondsWords(fromMs)} to ${secondsWords(toMs)}`,
			[...new Set(inForce.map(({label}) => label))].join(', ') || 'none',
			formatCount(part.commands / Math.max(0.001, part.seconds)),
			hits + misses === 0 ? '–' : formatPercent(hits / (hits + misses)),
			...[part.p50Ms, part.p99Ms, part.maxMs].map((ms) => (ms === null ? '–' : formatLatency(ms))),
			...[part.errors, part.lost, part.open, part.opened].map((count) => formatCount(count)),
		];
	});
	const columns = [{title: 'Time'}, {title: 'Faults'}, ...numbers.map((title) => ({title, kind: 'number' as const}))];
	return html`<details><summary>The time lines as a table</summary>${table({label: 'Time lines of the application', columns, rows})}</details>`;
}
