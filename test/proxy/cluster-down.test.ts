import {afterAll, beforeAll, expect, it} from 'vitest';
import {RedisProxyFixture} from '../support/proxy-fixtures.js';
import {RawConnection} from '../support/raw-connection.js';
import {describeReal} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {request} from '../support/resp.js';
import {until} from '../support/until.js';

const downReply = '-CLUSTERDOWN The cluster is down\r\n';

/** Requests about the key `b`. Those before the line are refused by a cluster that is down. */
const requests: readonly (readonly string[])[] = [
	['GET', 'b'],
	['SET', 'b', '1'],
	['MGET', 'b', 'b'],
	['WATCH', 'b'],
	['EVAL', 'return 1', '1', 'b'],
	['EVAL_RO', 'return 1', '1', 'b'],
	['FCALL', 'nope', '1', 'b'],
	['MEMORY', 'USAGE', 'b'],
	['OBJECT', 'ENCODING', 'b'],
	['XINFO', 'STREAM', 'b'],
	['XREAD', 'STREAMS', 'b', '0'],
	['ZUNION', '1', 'b'],
	['SORT', 'b'],
	// ---
	['PING'],
	['DBSIZE'],
	['EVAL', 'return 1', '0'],
	['EVAL', `return 1 -- ${'x'.repeat(200)}`, '0'],
	['EVALSHA', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '0'],
	['EVAL_RO', 'return 1', '0'],
	['EVALSHA_RO', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '0'],
	['FCALL', 'nope', '0'],
	['FCALL_RO', 'nope', '0'],
	['MEMORY', 'STATS'],
	['OBJECT', 'HELP'],
	['XINFO', 'HELP'],
	['XGROUP', 'HELP'],
	['PUBLISH', 'b', 'x'],
	['SPUBLISH', 'b', 'x'],
	['SUNSUBSCRIBE', 'b'],
	['SSUBSCRIBE', 'b'],
];

describeReal('CLUSTERDOWN in place of answers', () => {
	const fixture = new RedisProxyFixture();
	let cluster: RedisProcess;

	beforeAll(async () => {
		cluster = await startRedisProcess({args: ['--cluster-enabled', 'yes']});
		const node = await RawConnection.open(cluster.port);
		// The slot of `b` is served, others are not, so the cluster as a whole is down.
		await node.call(['CLUSTER', 'ADDSLOTSRANGE', '0', '8000']);
		await until(async () => {
			const [, state] = /cluster_state:(\w+)/.exec(JSON.stringify(await node.call(['CLUSTER', 'INFO']))) ?? [];
			return state === 'fail';
		}, 'the cluster to be down');
		node.close();
	});

	afterAll(() => cluster?.close());

	it.each(requests)('is the reply of a cluster that is down: %s %s', async (...words) => {
		const told = words.filter((word) => typeof word === 'string');
		fixture.inject('CLUSTERDOWN');
		const replies = [cluster.port, fixture.proxy.port].map(async (port) => {
			const wire = fixture.open(port);
			wire.send(request(...told));
			await until(() => wire.text().endsWith('\r\n'), 'a reply');
			return wire.text();
		});
		const [real = '', injected = ''] = await Promise.all(replies);
		expect(injected === downReply, JSON.stringify(injected)).toBe(real === downReply);
	});

	it('breaks a transaction as there', async () => {
		fixture.inject('CLUSTERDOWN');
		const lines = request('MULTI') + request('EVAL', 'return 1', '0') + request('GET', 'b') + request('EXEC');
		const replies = [cluster.port, fixture.proxy.port].map(async (port) => {
			const wire = fixture.open(port);
			wire.send(lines);
			await until(() => wire.text().includes('EXECABORT'), 'the end of the transaction');
			return wire.text();
		});
		const [real, injected] = await Promise.all(replies);
		expect(injected).toBe(real);
	});
});
