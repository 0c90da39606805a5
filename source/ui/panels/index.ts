import type {PanelId} from '../state/views/overview-plan.js';
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
import {events} from './events.js';
import {hitRatio} from './hit-ratio.js';
import {journal} from './journal.js';
import {latency} from './latency.js';
import {modes} from './modes.js';
import type {PanelEntry} from './panel.js';
import {pool} from './pool.js';
import {busiest} from './server/busiest.js';
import {errors} from './server/errors.js';
import {keyspace, memory, removals} from './server/keyspace-charts.js';
import {nodes} from './server/nodes.js';
import {timeline} from './server/timeline.js';
import {clients, commands, network, serverLatency} from './server/traffic-charts.js';
import {verdict} from './server/verdict.js';
import {server} from './server.js';
import {tiers} from './tiers.js';
import {traffic} from './traffic.js';
import {ttl} from './ttl.js';
import {wrongReads} from './wrong-reads.js';

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
};
