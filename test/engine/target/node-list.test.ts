import {describe, expect, it} from 'vitest';
import {type FoundNode, NodeList} from '../../../source/engine/target/nodes/node-list.js';
import {lagsOf} from '../../../source/engine/target/nodes/replica-lag.js';
import {parseInfo} from '../../../source/inspect/server/info/info-sections.js';

const master = (address: string, slots?: number): FoundNode => ({address, role: 'master', master: undefined, slots});
const replica = (address: string, of: string): FoundNode => ({address, role: 'replica', master: of, slots: undefined});

/** The replication section of a master that Redis 7.0.15 has written. */
const replication = `# Replication
role:master
connected_slaves:2
slave0:ip=10.0.0.8,port=6379,state=online,offset=1000,lag=0
slave1:ip=fe80::9,port=6380,state=wait_bgsave,offset=0,lag=0
master_repl_offset:1234
`;

describe('the list of nodes', () => {
	it('numbers masters first, and keeps the number of a server whatever becomes of it', async () => {
		let found = [replica('c:1', 'b:1'), master('b:1', 10), master('a:1', 20)];
		const list = new NodeList(async () => found);
		await list.refresh();
		expect(list.nodes.map(({number, address}) => [number, address])).toEqual([
			[1, 'a:1'],
			[2, 'b:1'],
			[3, 'c:1'],
		]);
		// A failover, and a new node.
		found = [master('a:1'), master('c:1'), replica('b:1', 'c:1'), master('0:1')];
		await list.refresh();
		expect(list.nodes.map(({number, address, role}) => `${number} ${address} ${role}`)).toEqual([
			'1 a:1 master',
			'2 b:1 replica',
			'3 c:1 master',
			'4 0:1 master',
		]);
		found = [master('a:1')];
		await list.refresh();
		found = [master('a:1'), master('d:1'), master('c:1')];
		await list.refresh();
		expect(list.nodes.map(({number, address}) => [number, address])).toEqual([
			[1, 'a:1'],
			[3, 'c:1'],
			[5, 'd:1'],
		]);
	});

	it('knows a node by its number, its address and its role, as it is at that moment', async () => {
		let found = [master('a:1'), replica('b:1', 'a:1')];
		const list = new NodeList(async () => found);
		expect(await list.addressOf('2')).toBe('b:1');
		expect(await list.addressOf('a:1')).toBe('a:1');
		expect([await list.addressOf('master'), await list.addressOf('replica')]).toEqual(['a:1', 'b:1']);
		found = [replica('a:1', 'b:1'), master('b:1')];
		expect([await list.addressOf('master'), await list.addressOf('replica')]).toEqual(['b:1', 'a:1']);
		await expect(list.addressOf('3')).rejects.toMatchObject({
			code: 'ERR_FAULT_REFUSED',
			message: 'there is no node 3; there are the nodes 1 (a:1), 2 (b:1)',
		});
		found = [master('b:1')];
		await expect(list.addressOf('replica')).rejects.toThrow('there is no replica; there are the nodes 2 (b:1)');
	});

	it('keeps what it knew while nobody tells', async () => {
		let answers = true;
		const list = new NodeList(async () => {
			if (!answers) throw new Error('no answer');
			return [master('a:1')];
		});
		await list.refresh();
		answers = false;
		expect(await list.addressOf('1')).toBe('a:1');
		const never = new NodeList(() => Promise.reject(new Error('no answer')));
		await expect(never.addressOf('1')).rejects.toThrow('there is no node 1; no node is known yet');
	});

	it('tells how far a replica is behind, unless it has no link to its master', async () => {
		const info = parseInfo(replication);
		expect([...lagsOf([{info}])]).toEqual([['10.0.0.8:6379', 234]]);
		const list = new NodeList(async () => [
			master('10.0.0.7:6379'),
			replica('10.0.0.8:6379', '10.0.0.7:6379'),
			replica('fe80::9:6380', '10.0.0.7:6379'),
		]);
		await list.refresh([{info} as never]);
		expect(list.nodes.map(({lagBytes}) => lagBytes)).toEqual([undefined, 234, undefined]);
	});
});
