import {showNumber} from './budget.js';

/** A name and its figures. */
export type Row = readonly [string, ...number[]];

/** Figures as a Markdown table. */
export function rowTable(title: string, columns: readonly string[], rows: readonly Row[]): string {
	const lines = rows.map(([name, ...values]) => `| ${[name, ...values.map(showNumber)].join(' | ')} |`);
	const head = [
		`| ${columns.join(' | ')} |`,
		`| ${columns.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`,
	];
	return [`\n### ${title}\n`, ...head, ...lines, ''].join('\n');
}
