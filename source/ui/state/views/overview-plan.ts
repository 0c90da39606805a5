import type {TerminalSize} from '../terminal-size.js';

/** `box`: panels with a border on all sides. `rule`: with a line above, for terminals without cells to spare. */
export type PanelFrame = 'box' | 'rule';

/** A row of panels: its height, as rows or as a share of the height that fixed rows leave, and each panel's share of the width. */
type RowOf<Id> = {
	readonly height: {readonly rows: number} | {readonly share: number};
	readonly panels: readonly (readonly [panel: Id, share: number])[];
};

/** Rows of panels, or without rows a line for each figure. */
type PlanOf<Id> = {readonly frame: PanelFrame; readonly rows: readonly RowOf<Id>[]};

export type PlanRow = RowOf<PanelId>;

type OverviewPlan = PlanOf<PanelId>;

const rows = (count: number) => ({rows: count});
const share = (count: number) => ({share: count});

/** For 200×60: every panel has a place here. */
const large = {
	frame: 'box',
	rows: [
		{
			height: share(16),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{
			height: share(11),
			panels: [
				['traffic', 1],
				['journal', 1],
			],
		},
		{height: rows(7), panels: [['modes', 1]]},
		{
			height: rows(10),
			panels: [
				['pool', 8],
				['ttl', 6],
				['tiers', 6],
			],
		},
		{
			height: share(12),
			panels: [
				['wrong-reads', 5],
				['server', 6],
				['events', 9],
			],
		},
	],
} as const satisfies PlanOf<string>;

export type PanelId = (typeof large.rows)[number]['panels'][number][0];

/** The panels of the overview. */
export const panelIds: readonly PanelId[] = large.rows.flatMap(({panels}) => panels.map(([id]) => id));

/** For 80×24. */
const small: OverviewPlan = {
	frame: 'rule',
	rows: [
		{
			height: share(7),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{height: rows(5), panels: [['modes', 1]]},
		{
			height: rows(6),
			panels: [
				['pool', 1],
				['wrong-reads', 1],
			],
		},
		{height: share(3), panels: [['events', 1]]},
	],
};

/** For 120×40. */
const medium: OverviewPlan = {
	frame: 'box',
	rows: [
		{
			height: share(12),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{height: rows(7), panels: [['modes', 1]]},
		{
			height: share(8),
			panels: [
				['pool', 1],
				['events', 1],
			],
		},
		{
			height: share(10),
			panels: [
				['wrong-reads', 3],
				['tiers', 4],
				['ttl', 5],
			],
		},
	],
};

const noPanels: OverviewPlan = {frame: 'rule', rows: []};

/** The panels that have a place at a size. Sizes between two plans stretch the smaller one. */
export function overviewPlan({columns, rows: height}: TerminalSize): OverviewPlan {
	if (columns < 78 || height < 23) return noPanels;
	if (columns < 110 || height < 37) return small;
	if (columns < 170 || height < 51) return medium;
	return large;
}

/** The panels that stand behind the lines of a screen without panels. */
const panelsBehindLines: readonly PanelId[] = [
	'modes',
	'hit-ratio',
	'latency',
	'pool',
	'tiers',
	'wrong-reads',
	'events',
];

/** The panels at a size, in the order of Tab. */
export function panelsAt(size: TerminalSize): readonly PanelId[] {
	const {rows: planned} = overviewPlan(size);
	return planned.length === 0 ? panelsBehindLines : planned.flatMap(({panels}) => panels.map(([id]) => id));
}
