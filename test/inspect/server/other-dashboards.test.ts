import {expect, it} from 'vitest';
import {parseClientList} from '../../../source/inspect/server/clients/client-list.js';
import {
	DashboardWatch,
	dashboardWords,
	joinDashboards,
	otherDashboardsIn,
} from '../../../source/inspect/server/clients/other-dashboards.js';
import {inspectorName, isInspector, workloadName} from '../../../source/inspect/server/clients/own-clients.js';

const listOf = (...names: readonly string[]) =>
	names.map((name, index) => `id=${index} addr=10.0.0.${index}:5000 name=${name} age=1 idle=0 cmd=info`).join('\n');

const list = listOf(
	inspectorName,
	workloadName,
	`ioredis-cluster(refresher):${workloadName}`,
	'redis-cache-tui-workload-aaaa',
	'redis-cache-tui-inspect-aaaa',
	'redis-cache-tui-inspect',
	'redis-cache-tui',
	'shop-api',
);

it('other dashboards are told by their names, with their connections, and no application is taken for one', () => {
	expect(otherDashboardsIn(list)).toEqual([
		{id: 'aaaa', address: '10.0.0.4:5000', connections: 2},
		// Of an earlier version.
		{id: '', address: '10.0.0.5:5000', connections: 1},
	]);
	// The library is used by applications.
	expect(parseClientList(list).map(({name}) => name)).toEqual(['redis-cache-tui', 'shop-api']);
	expect([inspectorName, workloadName, 'redis-cache-tui-inspect-aaaa', 'shop-api'].map(isInspector)).toEqual([
		true,
		false,
		true,
		false,
	]);
});

it('one dashboard on several nodes of a cluster is one', () => {
	const [one] = otherDashboardsIn(listOf('redis-cache-tui-inspect-aaaa'));
	if (!one) throw new Error('there is one');
	expect(joinDashboards([[one], [one], []])).toEqual([{...one, connections: 2}]);
});

it('what they do is said to be among the figures', () => {
	const at = (address: string) => ({id: address, address, connections: 1});
	expect(dashboardWords([])).toBeUndefined();
	expect(dashboardWords([at('a:1')])).toBe(
		'another dashboard at a:1: its scans, lookups and errors count as those of applications',
	);
	expect(dashboardWords(['a:1', 'b:1', 'c:1', 'd:1'].map(at))).toMatch(
		/^4 other dashboards at a:1, b:1, c:1 and elsewhere: their scans/,
	);
});

it('nobody asks a server with many clients for all of them, and another one again only after a while', async () => {
	const asked: string[] = [];
	const sender = {
		async send(command: string) {
			asked.push(command);
			return list;
		},
	};
	const watch = new DashboardWatch();
	expect(await watch.check(sender, 5000)).toEqual([]);
	expect(asked).toEqual([]);
	expect(await watch.check(sender, 8)).toHaveLength(2);
	expect(await watch.check(sender, 8)).toHaveLength(2);
	expect(asked).toEqual(['CLIENT']);
});
