import {readFile} from 'node:fs/promises';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import type {Pool} from '../../source/pool/types.js';
import {type Certificates, hasOpenssl, makeCertificates, tlsArguments} from '../support/certificates.js';
import {describeReal} from '../support/real-redis.js';
import {freePort, type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

describeReal('a cluster with a certificate that names its host and no address', () => {
	let certificates: Certificates;
	let node: RedisProcess;
	let port = 0;
	let ca: Buffer;
	const pools: Pool[] = [];

	beforeAll(async () => {
		if (!hasOpenssl) return;
		certificates = makeCertificates();
		ca = await readFile(certificates.authority);
		port = await freePort();
		node = await startRedisProcess({
			port,
			connectOnly: true,
			args: [
				...tlsArguments(port, certificates.hostOnly, certificates.authority, 'no'),
				...['--cluster-enabled', 'yes', '--tls-cluster', 'yes', '--cluster-announce-ip', '127.0.0.1'],
			],
		});
		const direct = open({url: `rediss://localhost:${port}`});
		await direct.ready(30_000);
		await direct.lanes[0]?.send('cluster', ['addslotsrange', 0, 16_383]);
		await until(async () => {
			const info = await direct.lanes[0]?.send('cluster', ['info']);
			return String(info).includes('cluster_state:ok');
		}, 'the cluster is whole');
	});
	afterAll(async () => {
		await Promise.all(pools.map((pool) => pool.close()));
		await node?.close();
		certificates?.remove();
	});

	const open = (options: PoolOptions): Pool => {
		const pool = createPool({lanes: 1, deadlineMs: 2000, connectMs: 2000, tls: {ca}, ...options});
		pools.push(pool);
		return pool;
	};

	it.runIf(hasOpenssl)('is used although its nodes announce addresses, also after a lookup', async () => {
		for (const options of [{}, {dnsLookup: () => '127.0.0.1'}]) {
			const pool = open({url: `rediss+cluster://localhost:${port}`, ...options});
			await pool.ready(30_000);
			expect(pool.nodes.map(({address}) => address)).toEqual([`127.0.0.1:${port}`]);
			expect(String(await pool.laneOf('k').send('set', ['k', '1']))).toBe('OK');
		}
	});

	it.runIf(hasOpenssl)('is refused with the reason of TLS: another name, an unknown authority', async () => {
		const url = `rediss+cluster://localhost:${port}`;
		await expect(open({url, tls: {ca, servername: 'cache.example'}}).ready(1000)).rejects.toMatchObject({
			message: expect.stringMatching(/does not match certificate's altnames/) as string,
		});
		await expect(open({url, tls: {}}).ready(1000)).rejects.toMatchObject({
			message: expect.stringMatching(/unable to (verify|get)|self-signed/) as string,
		});
		await expect(open({url: `rediss+cluster://127.0.0.1:${port}`}).ready(1000)).rejects.toMatchObject({
			message: expect.stringMatching(/does not match certificate's altnames/) as string,
		});
	});
});
