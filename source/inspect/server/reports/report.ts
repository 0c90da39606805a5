import type {Sender} from '../../sender.js';
import type {ServerFigures} from '../activity/figures.js';
import type {MissingNode} from '../info/read-node.js';

export type ReportColumn = {
	readonly title: string;
	/** Width in terminal cells. */
	readonly width: number;
	readonly align?: 'right';
	/** The column takes the remaining width. At most one column has it. */
	readonly grows?: true;
	/** If there is not enough width, the column with the highest number is left out first. */
	readonly priority: number;
};

export type ReportRow = {
	/** One for each column. */
	readonly cells: readonly string[];
	/** `title`: a heading of the rows below. */
	readonly level: 'plain' | 'dim' | 'warn' | 'bad' | 'title';
	/** The argument of `kill` that closes these connections. */
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
	/** Seconds after which it may be read again, depending on its cost. Undefined: only on demand. */
	readonly everySeconds?: number | undefined;
};

/**
 * Reads a report from one server.
 *
 * @param recent The activity of applications on the server in the last seconds.
 */
export type ReadReport = (sender: Sender, recent: ServerFigures | undefined) => Promise<ServerReport>;

/**
 * Columns of a report of facts: a name, a value, and its meaning. @param name Usual width of names. @param value Usual width of
 * values.
 */
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

/** Joins the reports of several nodes of a cluster, one below the other, and names the nodes that do not answer. */
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
