import {Redis} from 'ioredis';
import type {WireFault} from '../../../source/faults/fault.js';
import type {FaultProxy} from '../../../source/proxy/fault-proxy.js';
import type {RedisProcess} from '../../support/redis-process.js';

/** The proxy between the cache and its Redis, and the Redis itself: a drill may break either. */
export type Stage = {readonly proxy: FaultProxy; readonly redis: RedisProcess};

/** An outage that every library goes through in the same way. */
export type HealDrill = {
	readonly name: string;
	/** The outage in one line, as an operator would see it. */
	readonly summary: string;
	readonly outageMs: number;
	/** TTL of the values of the workload, in ms. */
	readonly ttlMs: number;
	/** TTL of the values that the directed check writes during the outage, in ms. */
	readonly changeTtlMs: number;
	readonly begin: (stage: Stage) => Promise<void>;
	/** Resolves when Redis can be reached again. */
	readonly end: (stage: Stage) => Promise<void>;
};

const minute = 60_000;

const wire = (fault: WireFault): Pick<HealDrill, 'begin' | 'end'> => ({
	begin: async ({proxy}) => {
		proxy.add(fault);
	},
	end: async ({proxy}) => proxy.heal(),
});

/** Saves a dump and shuts down: the next start loads every change that was acknowledged before. */
const shutDown = async (redis: RedisProcess): Promise<void> => {
	const client = new Redis(redis.url, {retryStrategy: () => null});
	client.on('error', () => {});
	await client.shutdown('SAVE').catch(() => {});
	client.disconnect();
	await redis.kill();
};

export const healDrills: readonly HealDrill[] = [
	{
		name: 'Black hole',
		summary: 'a firewall drops every packet, silently, for 3 s',
		outageMs: 3000,
		ttlMs: minute,
		changeTtlMs: minute,
		...wire({kind: 'blackhole'}),
	},
	{
		name: 'Refused',
		summary: 'connections are cut and new ones refused for 3 s',
		outageMs: 3000,
		ttlMs: minute,
		changeTtlMs: minute,
		...wire({kind: 'refuse'}),
	},
	{
		name: 'Stall',
		summary: 'the network holds every byte for 3 s and then delivers it all: commands that timed out execute late',
		outageMs: 3000,
		ttlMs: minute,
		changeTtlMs: minute,
		...wire({kind: 'stall'}),
	},
	{
		name: 'Restart',
		summary: 'Redis saves, ends, and is back from its dump after 3 s',
		outageMs: 3000,
		ttlMs: minute,
		changeTtlMs: minute,
		begin: ({redis}) => shutDown(redis),
		end: ({redis}) => redis.start(),
	},
	{
		name: 'Past the TTL',
		summary:
			'refused for 4 s, while what is cached lives 2 s and what the directed check writes during the outage 1 s: old copies in Redis outlive the newer ones in memory',
		outageMs: 4000,
		ttlMs: 2000,
		changeTtlMs: 1000,
		...wire({kind: 'refuse'}),
	},
];
