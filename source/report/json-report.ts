import type {DrillReport} from '../drills/drill-report.js';

/** One JSON document: the report itself, or an array of them when several drills were asked for. Ends with a line feed. */
export function jsonReport(reports: DrillReport | readonly DrillReport[]): string {
	return `${JSON.stringify(reports, null, 2)}\n`;
}
