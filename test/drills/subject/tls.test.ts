import {expect, it, onTestFinished} from 'vitest';
import {runDrill} from '../../../source/testing/testing.js';
import {hasOpenssl, makeCertificates, tlsArguments} from '../../support/certificates.js';
import {realRedisVersion} from '../../support/real-redis.js';
import {freePort, startRedisProcess} from '../../support/redis-process.js';

const subjects = new URL('../../../media/subjects/', import.meta.url);

const drill = {
	name: 'outage',
	summary: 'A short outage of a Redis with TLS',
	duration: '1.2s',
	workload: {rate: 100, keys: 50},
	cache: {deadline: '5s'},
	steps: [{at: '400ms', fault: 'reset'}],
	expectations: ['wrongReads == 0', 'hungCalls == 0'],
};

it.runIf(hasOpenssl && realRedisVersion !== undefined)(
	'a subject needs no certificate for a Redis with TLS, and what it does is read all the same',
	async () => {
		const certificates = makeCertificates();
		const port = await freePort();
		const args = tlsArguments(port, certificates.server, certificates.authority, 'yes');
		const redis = await startRedisProcess({port, args, connectOnly: true});
		onTestFinished(async () => {
			await redis.close();
			certificates.remove();
		});
		const url = `rediss://localhost:${port}`;
		const tls = {ca: certificates.authority, ...certificates.client};
		const report = await runDrill(new URL('ioredis.mjs', subjects), drill, {url, tls});
		expect(report).toMatchObject({
			hungCalls: 0,
			returned: {otherProcess: expect.any(Number)},
			wire: {connections: {unreadable: 0}},
		});
		expect(report.returned?.keys).toBeGreaterThan(0);
		expect(report.wire?.connections.broken).toBeGreaterThan(0);
		expect(report.wire?.commands).toBeGreaterThan(50);
	},
);

it.skipIf(hasOpenssl && realRedisVersion !== undefined)('SKIPPED: there is no openssl, or no real Redis', () => {});
