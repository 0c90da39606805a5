import type {DrillFile, DrillReport} from '../../../source/testing/testing.js';

/** A library in one drill; a string says why there is no report. */
export type Row = {readonly name: string; readonly report: DrillReport | string};

const head = ['', 'hung', 'failed', 'p50 / p99 in the fault', 'wrong reads', 'came back', 'recovered'];

/** A drill as a table in Markdown. */
export function drillTable({name, summary}: DrillFile, rows: readonly Row[]): string {
	const lines = rows.map(({name: subject, report}) =>
		typeof report === 'string'
			? [subject, report, ...head.slice(2).map(() => '')]
			: [
					subject,
					`${report.hungCalls}`,
					`${report.failedCalls}`,
					`${ms(report.faultSettleMs.p50)} / ${ms(report.faultSettleMs.p99)}`,
					`${report.wrongReads}`,
					cameBack(report),
					report.recoveryMs === null ? 'no' : ms(report.recoveryMs),
				],
	);
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [`### ${name}: ${summary}`, '', ...[head, head.map(() => '---'), ...lines].map(line)].join('\n');
}

/** The legend of the tables. */
export const legend = [
	'- **hung**: calls that had not settled after 650 ms; **failed**: calls that rejected',
	'- **p50 / p99 in the fault**: of calls that were due in it, from the time they were due; a call that hangs counts with the time at which it was found to',
	'- **wrong reads**: values older than the last acknowledged change of their key. A few of them come from loads that a change overtook, outage or not',
	'- **came back**: old values after the drill, in the same process / in one that was opened after it, of the changed keys',
	'- **recovered**: time from the end of the fault until a value was read that another process had just stored. Not known of async-cache-dedupe, which cannot store a value',
].join('\n');

function cameBack({returned, partial}: DrillReport): string {
	if (returned === undefined) return partial ?? '';
	return `${returned.ownProcess} / ${returned.otherProcess ?? '–'} of ${returned.keys}`;
}

function ms(value: number): string {
	return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
