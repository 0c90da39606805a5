import {expect, it} from 'vitest';
import {lostNodes} from '../../../source/engine/target/cluster/lost-nodes.js';

/** As Redis 7.0.15 has written it after a failover, in which a replica of another master was down as well. */
const reply = [
	'07c37d 127.0.0.1:7001@17001 myself,master - 0 1795964000000 1 connected 0-5460',
	'67ed2d 127.0.0.1:7002@17002,,shard-id=69 master,fail - 1795964001000 1795964000500 2 disconnected',
	'292f8b 127.0.0.1:7003@17003 master - 0 1795964002000 3 connected 10923-16383 [93->-292f8b]',
	'6ec239 127.0.0.1:7005@17005 master - 0 1795964002000 7 connected 5461-10921 10922',
	'824fe1 127.0.0.1:7006@17006 slave,fail 292f8b 1795964001000 1795964000500 3 disconnected',
	'e7d1ee 127.0.0.1:7004@17004 slave,fail? 07c37d 1795964001000 1795964000500 1 connected',
	'aaaaaa :0@0 master,fail,noaddr - 1795964001000 1795964000500 0 disconnected',
	'',
].join('\n');

it('finds the nodes of a cluster that the others have agreed to be lost, and whose they were', () => {
	expect(lostNodes(reply, (address) => address === '127.0.0.1:7001')).toEqual([
		{address: '127.0.0.1:7002', role: 'master', master: undefined, slots: 0, isLost: true},
		{address: '127.0.0.1:7006', role: 'replica', master: '127.0.0.1:7003', slots: undefined, isLost: true},
	]);
	expect(lostNodes('', () => true)).toEqual([]);
});

it('counts the slots that a lost master has as long as no other node has taken them', () => {
	const [lost] = lostNodes(reply.replace('2 disconnected', '2 disconnected 5461-10921 10922'), () => false);
	expect(lost?.slots).toBe(5462);
});

it('names nodes as the cluster announces them', () => {
	const named = reply.replaceAll(/(127\.0\.0\.1:700(\d)@\d+),?/g, '$1,node-$2.example');
	const addresses = (known: string) =>
		lostNodes(named, (address) => address === known).map(({address, master}) => [address, master]);
	expect(addresses('node-1.example:7001')).toEqual([
		['node-2.example:7002', undefined],
		['node-6.example:7006', 'node-3.example:7003'],
	]);
	expect(addresses('127.0.0.1:7001')).toEqual([
		['127.0.0.1:7002', undefined],
		['127.0.0.1:7006', '127.0.0.1:7003'],
	]);
});
