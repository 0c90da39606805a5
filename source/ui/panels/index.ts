import {eventsPanel} from './events.js';
import {hitRatioPanel} from './hit-ratio.js';
import {journalPanel} from './journal.js';
import {latencyPanel} from './latency.js';
import {modesPanel} from './modes.js';
import type {Panel} from './panel.js';
import {poolPanel} from './pool.js';
import {serverPanel} from './server-summary.js';
import {tiersPanel} from './tiers.js';
import {trafficPanel} from './traffic.js';
import {ttlPanel} from './ttl.js';
import {wrongReadsPanel} from './wrong-reads.js';

/** Every panel of the overview, in the order in which Tab visits them where a layout shows none. */
export const panels: readonly Panel[] = [
	hitRatioPanel,
	latencyPanel,
	trafficPanel,
	journalPanel,
	modesPanel,
	poolPanel,
	ttlPanel,
	wrongReadsPanel,
	tiersPanel,
	eventsPanel,
	serverPanel,
];

const byId = new Map(panels.map((panel) => [panel.id, panel]));

export function panelOf(id: string): Panel | undefined {
	return byId.get(id);
}
