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
			'In a cluster its nodes first, each with the number by which faults name it: each master is in use or not by itself, and a replica lags by what its master has written and it has not got. Behind Sentinel the servers. Then each lane: a connection that many calls share, first in, first out. In flight are commands that were sent and not answered; the bar shows how full the queue of the lane is. Then the checkouts, connections for one borrower at a time, and those who wait for one.',
		source:
			'The pool, at the time of the snapshot. Rates cover the last second, p50 and p99 the last ten; bytes, missed deadlines and reconnects count from the start.',
		normal:
			'All lanes ready, few commands in flight, no one waiting. A lane is "waiting" when it has lost its connection and pauses before it reconnects. If lanes are always full, add some: + adds one, - removes one.',
	},
	explainApplication: {
		shows:
			'Each open connection of the application, those that wait longest first: the name that it has given itself, where it comes from, how long it is open, the commands that it has sent, those that wait for a reply, the one that waits now and how long, the longest wait so far, and the most commands that were under way at the same time.',
		source:
			'Connections to the tap, once a second; at most 100 are listed. Names: CLIENT SETNAME and HELLO. Commands that block on purpose are left out of the longest wait.',
		normal:
			'A few connections that stay open for hours. Many that are some seconds old: a connection is opened for each request. A depth of 1 on all of them: nothing is pipelined, and each command costs a round trip. A wait that grows: the command has no time limit.',
	},
};
