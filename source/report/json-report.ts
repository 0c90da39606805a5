import type {DrillReport} from '../drills/drill-report.js';

/** Formats a report, or several as an array, as one JSON document that ends with a line feed. */
export function jsonReport(reports: DrillReport | readonly DrillReport[]): string {
	return `${JSON.stringify(reports, null, 2)}\n`;
}
