import type {Source} from '../../../../engine/protocol.js';
import type {TerminalSize} from '../../terminal-size.js';
import {applicationLarge, applicationMedium, applicationSmall} from './application-plans.js';
import {cacheLarge, cacheMedium, cacheSmall} from './cache-plans.js';
import type {PlanOf, RowOf} from './plan-row.js';
import {processLarge, processMedium, processSmall} from './process-plans.js';
import {serverLarge, serverMedium, serverSmall} from './server-plans.js';

export type PlanRow = RowOf<PanelId>;

type OverviewPlan = PlanOf<PanelId>;

/** The terminal sizes that have a layout plan; sizes in between stretch that of the smaller one. */
type Size = 'small' | 'medium' | 'large';

type PanelsOf<Plan extends {readonly rows: readonly {readonly panels: readonly (readonly [string, number])[]}[]}> =
	Plan['rows'][number]['panels'][number][0];

export type PanelId =
	| PanelsOf<typeof cacheLarge>
	| PanelsOf<typeof serverLarge>
	| PanelsOf<typeof applicationLarge>
	| PanelsOf<typeof processLarge>;

const idsOf = (plan: OverviewPlan): readonly PanelId[] => plan.rows.flatMap(({panels}) => panels.map(([id]) => id));

const plans: Readonly<Record<Source, Readonly<Record<Size, OverviewPlan>>>> = {
	cache: {small: cacheSmall, medium: cacheMedium, large: cacheLarge},
	server: {small: serverSmall, medium: serverMedium, large: serverLarge},
	application: {small: applicationSmall, medium: applicationMedium, large: applicationLarge},
	process: {small: processSmall, medium: processMedium, large: processLarge},
};

const noPanels: OverviewPlan = {frame: 'rule', rows: []};

/** The layout of the panels at a size. */
export function overviewPlan(source: Source, {columns, rows: height}: TerminalSize): OverviewPlan {
	const {small, medium, large} = plans[source];
	if (columns < 78 || height < 23) return noPanels;
	if (columns < 110 || height < 37) return small;
	if (columns < 170 || height < 51) return medium;
	return large;
}

/** The panels to which the lines of a screen without panels belong. */
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
	application: [
		'matter',
		'outages',
		'wire-hits',
		'patterns',
		'wire-latency',
		'by-command',
		'wire-commands',
		'wire-errors',
		'connections',
		'findings',
	],
	process: ['live-process', 'modes', 'hit-ratio', 'latency', 'pool', 'tiers', 'loads', 'events'],
};

/** The panels at a size, in the order of Tab. */
export function panelsAt(source: Source, size: TerminalSize): readonly PanelId[] {
	const plan = overviewPlan(source, size);
	return plan.rows.length === 0 ? panelsBehindLines[source] : idsOf(plan);
}
