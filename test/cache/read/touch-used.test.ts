import {afterAll, beforeAll, expect, it} from 'vitest';
import {touchingUsed} from '../../../source/cache/read/touch-used.js';
import {UsedKeys} from '../../../source/cache/support/used-keys.js';
import {createPool} from '../../../source/pool/create-pool.js';
import type {Pool} from '../../../source/pool/types.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';

let redis: RedisProcess;
let server: Pool;

beforeAll(async () => {
	redis = await startRedisProcess();
	server = createPool({url: redis.url, lanes: 1, deadlineMs: 5000});
	await server.ready(30_000);
});

afterAll(async () => {
	await server.close();
	await redis.close();
});

it('has few commands in flight in a cluster, where each key needs its own, and touches all keys', async () => {
	// One server that stands for all nodes: only the number of commands is of interest.
	const pool: Pool = Object.create(server, {topology: {value: 'cluster'}, laneOf: {value: () => server.lanes[0]}});
	const usedEntries = new UsedKeys();
	for (let index = 0; index < 300; index++) usedEntries.note(`key:${index}`, {isUsed: false});
	const availability = {inUse: true, isInUse: () => true};
	const touch = touchingUsed({pool, usedMarkers: new UsedKeys(), usedEntries, availability});
	const [lane] = server.lanes;
	const before = server.snapshot().lanes[0]?.commands ?? 0;
	const touching = touch();
	expect(lane?.inFlight).toBe(16);
	await touching;
	expect((server.snapshot().lanes[0]?.commands ?? 0) - before).toBeGreaterThan(290);
});
