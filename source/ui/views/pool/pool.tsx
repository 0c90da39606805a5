import {useEngine} from '../../hooks/use-screen.js';
import type {ViewEntry} from '../view.js';
import {ConnectionsPool} from './connections.js';
import {LanesPool} from './lanes.js';

function PoolView() {
	const isApplication = useEngine(({snapshot}) => snapshot?.source === 'application');
	return isApplication ? <ConnectionsPool /> : <LanesPool />;
}

export const pool: ViewEntry = {
	component: PoolView,
	explain: {
		shows:
			'With a cluster or Sentinel, the nodes first, with their numbers for faults. Each master is in use or not independently; the lag of a replica is the data that it has not received yet. Then each lane: a connection that many calls share, first in, first out. In flight are commands that were sent and not answered; the bar shows how full the queue of the lane is. Then the checkouts: connections that one caller borrows at a time, and callers that wait for one.',
		source:
			'The pool, at the time of the snapshot. Rates cover the last second, p50 and p99 the last ten; bytes, missed deadlines and reconnects count from the start.',
		normal:
			'All lanes ready, few commands in flight, no one waiting. A lane is "waiting" when it has lost its connection and pauses before it reconnects. If lanes are always full, add some: + adds one, - removes one.',
	},
	explainApplication: {
		shows:
			'The open connections of the application, those that wait longest first: name, address, age, commands sent, commands that wait for a reply, the waiting command and for how long, the longest wait so far, and the deepest pipeline.',
		source:
			'Connections to the tap, once a second; at most 100 are listed. Names: CLIENT SETNAME and HELLO. The longest wait excludes blocking commands.',
		normal:
			'A few connections that stay open for hours. Many young connections: one is opened for each request. A depth of 1 everywhere: nothing is pipelined, and each command costs a round trip. A growing wait: the command has no timeout.',
	},
};
