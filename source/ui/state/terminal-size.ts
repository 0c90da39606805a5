/** Size of the terminal in cells. */
export type TerminalSize = {readonly columns: number; readonly rows: number};

/** The smallest size for which the screen is drawn. */
export const smallestSize: TerminalSize = {columns: 60, rows: 16};

export const isTooSmall = ({columns, rows}: TerminalSize): boolean =>
	columns < smallestSize.columns || rows < smallestSize.rows;
