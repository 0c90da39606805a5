export type Size = {readonly columns: number; readonly rows: number};

/** Below this nothing sensible fits. */
export const smallest: Size = {columns: 60, rows: 16};

/** Rows of the header and the footer. */
export const chrome = {header: 2, footer: 1} as const;

/** The part of the screen between header and footer. */
export const bodySize = ({columns, rows}: Size): Size => ({
	columns,
	rows: Math.max(0, rows - chrome.header - chrome.footer),
});

/** How large help, replies and explanations may be. */
export function overlaySize(screen: Size): Size {
	const body = bodySize(screen);
	return {
		columns: Math.min(body.columns, 100),
		rows: Math.min(body.rows, Math.max(12, Math.round(body.rows * 0.85))),
	};
}

export const isTooSmall = ({columns, rows}: Size): boolean => columns < smallest.columns || rows < smallest.rows;
