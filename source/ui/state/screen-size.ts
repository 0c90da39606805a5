/** Size of the terminal in cells. */
export type ScreenSize = {readonly columns: number; readonly rows: number};

/** The least size on which the screen is drawn. */
export const smallestSize: ScreenSize = {columns: 60, rows: 16};

export const isTooSmall = ({columns, rows}: ScreenSize): boolean =>
	columns < smallestSize.columns || rows < smallestSize.rows;
