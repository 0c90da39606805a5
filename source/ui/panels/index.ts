import type {PanelId} from '../state/views/plans/overview-plan.js';
import {byCommand} from './application/by-command.js';
import {connections} from './application/connections.js';
import {wireErrors} from './application/errors.js';
import {findings} from './application/findings.js';
import {wireKeys} from './application/keys.js';
import {matter} from './application/matter.js';
import {outages} from './application/outages.js';
import {patterns} from './application/patterns.js';
import {wireBytes, wireCommands, wireHits, wireLatency} from './application/traffic-charts.js';
import {writtenTtl} from './application/written-ttl.js';
import {hitRatio} from './cache/hit-ratio.js';
import {journal} from './cache/journal.js';
import {latency} from './cache/latency.js';
import {modes} from './cache/modes.js';
import {pool} from './cache/pool.js';
import {server} from './cache/server.js';
import {tiers} from './cache/tiers.js';
import {traffic} from './cache/traffic.js';
import {wrongReads} from './cache/wrong-reads.js';
import {events} from './events.js';
import type {PanelEntry} from './panel.js';
import {liveProcess} from './process/live-process.js';
import {loads} from './process/loads.js';
import {busiest} from './server/busiest.js';
import {errors} from './server/errors.js';
import {keyspace, memory, removals} from './server/keyspace-charts.js';
import {nodes} from './server/nodes.js';
import {timeline} from './server/timeline.js';
import {clients, commands, network, serverLatency} from './server/traffic-charts.js';
import {verdict} from './server/verdict.js';
import {ttl} from './ttl.js';

export const panels: Readonly<Record<PanelId, PanelEntry>> = {
	'hit-ratio': hitRatio,
	latency,
	traffic,
	journal,
	modes,
	pool,
	ttl,
	'wrong-reads': wrongReads,
	tiers,
	events,
	server,
	verdict,
	keyspace,
	'server-latency': serverLatency,
	commands,
	memory,
	removals,
	network,
	clients,
	timeline,
	busiest,
	errors,
	nodes,
	matter,
	'wire-hits': wireHits,
	'wire-latency': wireLatency,
	'wire-commands': wireCommands,
	'wire-bytes': wireBytes,
	'by-command': byCommand,
	patterns,
	connections,
	'written-ttl': writtenTtl,
	'wire-keys': wireKeys,
	'wire-errors': wireErrors,
	outages,
	findings,
	'live-process': liveProcess,
	loads,
};
