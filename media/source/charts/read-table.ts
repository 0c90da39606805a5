export type FigureTable = {
	/** Without the first column, which has the names. */
	readonly columns: readonly string[];
	readonly rows: readonly {
		readonly name: string;
		/** One for each column; undefined where the cell is empty. */
		readonly values: readonly (number | undefined)[];
	}[];
};

/**
 * Reads the table of a Markdown text that stands below the comment `<!-- chart: NAME -->`.
 *
 * @throws If there is none, or a cell that is no number.
 */
export function readTable(markdown: string, name: string): FigureTable {
	const [, below] = markdown.split(`<!-- chart: ${name} -->\n`);
	const lines =
		/^\s*((?:\|.*\n)+)/
			.exec(`${below ?? ''}\n`)?.[1]
			?.trimEnd()
			.split('\n') ?? [];
	const [head, , ...rows] = lines.map(cellsOf);
	if (head === undefined || rows.length === 0) throw new Error(`there is no table below the comment "chart: ${name}"`);
	return {
		columns: head.slice(1),
		rows: rows.map(([title = '', ...cells]) => ({name: title, values: cells.map((cell) => numberOf(cell, name))})),
	};
}

function cellsOf(line: string): readonly string[] {
	return line
		.slice(1, -1)
		.split('|')
		.map((cell) => cell.trim().replaceAll(/[`*]/g, ''));
}

function numberOf(cell: string, name: string): number | undefined {
	if (cell === '') return undefined;
	const value = Number(cell.replaceAll(',', ''));
	if (Number.isNaN(value)) throw new Error(`the table of the chart ${name} has "${cell}" where a number has to be`);
	return value;
}
