/** `box`: panels with a border on all sides. `rule`: with a line above, for terminals without cells to spare. */
export type PanelFrame = 'box' | 'rule';

/**
 * A row of panels: its height (in rows, or as a share of the height that fixed rows leave), and each panel's share of the
 * width.
 */
export type RowOf<Id> = {
	readonly height: {readonly rows: number} | {readonly share: number};
	readonly panels: readonly (readonly [panel: Id, share: number])[];
};

/** Rows of panels, or without rows a line for each figure. */
export type PlanOf<Id> = {readonly frame: PanelFrame; readonly rows: readonly RowOf<Id>[]};

export const rows = (count: number) => ({rows: count});
export const share = (count: number) => ({share: count});
