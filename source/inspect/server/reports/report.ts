import type {Sender} from '../../sender.js';
import type {ServerFigures} from '../activity/figures.js';
import type {MissingNode} from '../info/read-node.js';

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
	/** The word for `kill` that closes these connections. */
	readonly kill?: string;
	/** Identifies the row when it is read again. Default: the first cell. */
	readonly id?: string;
};

/** A table about a server, for the screen and for scripts. */
export type ServerReport = {
	readonly columns: readonly ReportColumn[];
	readonly rows: readonly ReportRow[];
	/** Sentences that explain the rows, name their source, and mention missing data. */
	readonly notes: readonly string[];
	/** Seconds after which it may be read again, by its cost. Undefined: only on demand. */
	readonly everySeconds?: number | undefined;
};

/**
 * Reads a report from one server.
 *
 * @param recent Its work for applications in the last seconds.
 */
export type ReadReport = (sender: Sender, recent: ServerFigures | undefined) => Promise<ServerReport>;

/** Columns of a report of facts: a name, a value, and its meaning. Names and values have their usual widths. */
export const factColumns = (name: number, value: number): readonly ReportColumn[] => [
	{title: 'WHAT', width: name, priority: 0},
	{title: 'VALUE', width: value, priority: 1},
	{title: 'MEANING', width: 20, grows: true, priority: 2},
];

/** A heading of the rows below. */
export const title = (text: string): ReportRow => ({cells: [text], level: 'title'});

export const fact = (
	name: string,
	value: string | undefined,
	meaning: string,
	level: ReportRow['level'] = 'plain',
): readonly ReportRow[] => (value === undefined ? [] : [{cells: [name, value, meaning], level}]);

/** Puts the reports of several nodes of a cluster below each other, and names those that do not answer. */
export function joinReports(
	reports: readonly (ServerReport & {readonly address: string | undefined})[],
	missing: readonly MissingNode[],
): ServerReport {
	const [first] = reports;
	if (!first) return {columns: [], rows: [], notes: ['no node of the cluster has answered']};
	if (reports.length + missing.length === 1) return {columns: first.columns, rows: first.rows, notes: first.notes};
	return {
		columns: first.columns,
		rows: [
			...missing.map(({address, reason}) => title(`node ${address} does not answer: ${reason}`)),
			...reports.flatMap(({address, rows}) => [title(`node ${address ?? ''}`), ...rows]),
		],
		notes: [...new Set(reports.flatMap(({notes}) => notes))],
	};
}
