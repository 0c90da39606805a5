import type {Source} from '../../../engine/protocol.js';
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

/** The sizes of terminals with a plan of their own; sizes between two stretch the smaller one. */
type Size = 'small' | 'medium' | 'large';

/** The cache of this program with its traffic, at 200×60: every panel has a place here. */
const cacheLarge = {
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

/** A server and the applications on it, at 200×60: every panel has a place here. */
const serverLarge = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['verdict', 1]]},
		{
			height: share(13),
			panels: [
				['keyspace', 1],
				['server-latency', 1],
			],
		},
		{
			height: share(10),
			panels: [
				['commands', 1],
				['memory', 1],
			],
		},
		{
			height: share(9),
			panels: [
				['removals', 1],
				['network', 1],
				['clients', 1],
			],
		},
		{height: rows(7), panels: [['timeline', 1]]},
		{
			height: rows(11),
			panels: [
				['busiest', 8],
				['ttl', 6],
				['errors', 4],
				['nodes', 7],
				['events', 9],
			],
		},
	],
} as const satisfies PlanOf<string>;

type PanelsOf<Plan extends {readonly rows: readonly {readonly panels: readonly (readonly [string, number])[]}[]}> =
	Plan['rows'][number]['panels'][number][0];

export type PanelId = PanelsOf<typeof cacheLarge> | PanelsOf<typeof serverLarge>;

const idsOf = (plan: OverviewPlan): readonly PanelId[] => plan.rows.flatMap(({panels}) => panels.map(([id]) => id));

/** The panels of the overview. */
export const panelIds: readonly PanelId[] = [...new Set([...idsOf(cacheLarge), ...idsOf(serverLarge)])];

const cacheSmall: OverviewPlan = {
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

const cacheMedium: OverviewPlan = {
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

const serverSmall: OverviewPlan = {
	frame: 'rule',
	rows: [
		{height: rows(3), panels: [['verdict', 1]]},
		{
			height: share(8),
			panels: [
				['keyspace', 1],
				['server-latency', 1],
			],
		},
		{
			height: share(7),
			panels: [
				['commands', 1],
				['memory', 1],
			],
		},
		{height: rows(3), panels: [['events', 1]]},
	],
};

const serverMedium: OverviewPlan = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['verdict', 1]]},
		{
			height: share(11),
			panels: [
				['keyspace', 1],
				['server-latency', 1],
			],
		},
		{
			height: share(9),
			panels: [
				['commands', 1],
				['memory', 1],
			],
		},
		{
			height: rows(11),
			panels: [
				['busiest', 5],
				['ttl', 4],
				['events', 5],
			],
		},
	],
};

const plans: Readonly<Record<Source, Readonly<Record<Size, OverviewPlan>>>> = {
	cache: {small: cacheSmall, medium: cacheMedium, large: cacheLarge},
	server: {small: serverSmall, medium: serverMedium, large: serverLarge},
};

const noPanels: OverviewPlan = {frame: 'rule', rows: []};

/** The panels that have a place at a size. */
export function overviewPlan(source: Source, {columns, rows: height}: TerminalSize): OverviewPlan {
	const {small, medium, large} = plans[source];
	if (columns < 78 || height < 23) return noPanels;
	if (columns < 110 || height < 37) return small;
	if (columns < 170 || height < 51) return medium;
	return large;
}

/** The panels that stand behind the lines of a screen without panels. */
const panelsBehindLines: Readonly<Record<Source, readonly PanelId[]>> = {
	cache: ['modes', 'hit-ratio', 'latency', 'pool', 'tiers', 'wrong-reads', 'events'],
	server: [
		'verdict',
		'timeline',
		'keyspace',
		'server-latency',
		'commands',
		'memory',
		'removals',
		'clients',
		'errors',
		'events',
	],
};

/** The panels at a size, in the order of Tab. */
export function panelsAt(source: Source, size: TerminalSize): readonly PanelId[] {
	const plan = overviewPlan(source, size);
	return plan.rows.length === 0 ? panelsBehindLines[source] : idsOf(plan);
}
