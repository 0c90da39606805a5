import {expect, test} from 'vitest';
import type {BreakableServer, TogetherFaults} from '../../source/faults/breakable-server.js';
import {refusalBy} from '../../source/faults/server-fault-rules.js';

const done = async () => async () => {};

/** A server that stands for several with these faults. */
function serverWith(together: TogetherFaults | undefined): BreakableServer {
	const unused = async () => {};
	return {
		name: 'redis-server',
		host: '127.0.0.1',
		port: 1,
		url: 'redis://127.0.0.1:1',
		pid: undefined,
		kill: unused,
		restart: unused,
		pause() {},
		resume() {},
		setClock: unused,
		...(together && {together}),
	};
}

const failover = async () => {};

test.each([
	['one server', undefined, 'split needs Sentinels: start the program with --private sentinel'],
	[
		'a cluster',
		{failover, lag: done, reshard: done},
		'split needs Sentinels: start the program with --private sentinel',
	],
	[
		'Sentinels without a user of their own',
		{failover, lag: done},
		'split needs a Redis 6.2 or newer with a password, and --private sentinel has none while an application uses it (--listen)',
	],
	['Sentinels', {failover, lag: done, split: done}, undefined],
])('a split is refused for what %s lacks', (_, together, reason) => {
	expect(refusalBy(serverWith(together), 'split')).toBe(reason);
});
