import type {Sender} from '../../sender.js';

export type ReportColumn = {
	readonly title: string;
	/** Cells. */
	readonly width: number;
	readonly align?: 'right';
	/** Takes the width that is left. At most one column. */
	readonly grows?: true;
	/** The column with the highest number is left out first where there is not enough width. */
	readonly priority: number;
};

export type ReportRow = {
	/** One for each column. */
	readonly cells: readonly string[];
	/** `title`: a heading of the rows below. */
	readonly level: 'plain' | 'dim' | 'warn' | 'bad' | 'title';
	/** What the command `kill` takes to close these connections. */
	readonly kill?: string;
};

/** A table about a server, for the screen and for scripts. */
export type ServerReport = {
	readonly columns: readonly ReportColumn[];
	readonly rows: readonly ReportRow[];
	/** What the rows are, where they come from, and what is missing: one sentence each. */
	readonly notes: readonly string[];
};

/** Reads a report from one server. */
export type ReadReport = (sender: Sender) => Promise<ServerReport>;

/** Columns of a report of facts: a name, a value, and what it means. */
export const factColumns: readonly ReportColumn[] = [
	{title: 'WHAT', width: 27, priority: 0},
	{title: 'VALUE', width: 26, priority: 1},
	{title: 'MEANING', width: 20, grows: true, priority: 2},
];

export const fact = (
	name: string,
	value: string | undefined,
	meaning: string,
	level: ReportRow['level'] = 'plain',
): readonly ReportRow[] => (value === undefined ? [] : [{cells: [name, value, meaning], level}]);

/** Puts the reports of several nodes of a cluster below each other. */
export function joinReports(reports: readonly (ServerReport & {readonly address: string | undefined})[]): ServerReport {
	const [first] = reports;
	if (!first) return {columns: [], rows: [], notes: ['no node of the cluster has answered']};
	if (reports.length === 1) return {columns: first.columns, rows: first.rows, notes: first.notes};
	const heading = (address: string | undefined): ReportRow => ({cells: [`node ${address ?? ''}`], level: 'title'});
	return {
		columns: first.columns,
		rows: reports.flatMap(({address, rows}) => [heading(address), ...rows]),
		notes: [...new Set(reports.flatMap(({notes}) => notes))],
	};
}
