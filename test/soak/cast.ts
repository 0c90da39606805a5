import type {CacheOptions, Credentials} from '../../source/cache/api/types.js';
import {realRedisVersion} from '../support/real-redis.js';

/** A cache of the soak: its process and its options. */
export type Role = {
	readonly name: string;
	/** 0: the judge's process. */
	readonly process: number;
	readonly options: CacheOptions;
	/** True if its process is killed now and then. The next one, `name#2` and so on, adopts its journal. */
	readonly isMortal?: boolean;
};

/** The name of the role that a cache plays, however often its process was killed. */
export const roleOf = (cache: string): string => cache.replace(/#.*/, '');

const common: CacheOptions = {prefix: 'soak', breaker: {probeInterval: 50}, loader: {hardTimeout: 1000}};

/** Users that take turns: arguments of a server that has both. The built-in one has no users. */
export const rotatedUsers = (realRedisVersion === undefined ? [] : ['soak-even', 'soak-odd']).flatMap((user) => [
	'--user',
	user,
	'on',
	'>pass',
	'~*',
	'&*',
	'+@all',
]);

/** Another user each second: connections that are in use log in anew all the time. */
function rotating(): Credentials {
	const second = Math.floor(Date.now() / 1000);
	return {
		username: second % 2 === 0 ? 'soak-even' : 'soak-odd',
		password: 'pass',
		expiresAt: (second + 1) * 1000 + 250,
	};
}

/** Five caches in three processes. Tiny memory tiers evict, and tiny journals overflow, all the time. */
export const cast: readonly Role[] = [
	{name: 'plain', process: 0, options: common},
	{
		name: 'tiny',
		process: 0,
		options: {
			...common,
			memory: {maxEntries: 3},
			journal: {maxKeys: 3},
			pool: {lanes: 2},
			ttl: {jitter: 0},
			loader: {...common.loader, concurrency: 2, queue: 3, retryAfter: 50},
		},
	},
	{
		name: 'remote',
		process: 1,
		options: {...common, pool: {lanes: 3, ...(realRedisVersion === undefined ? {} : {credentials: rotating})}},
	},
	{
		name: 'bare',
		process: 1,
		options: {
			...common,
			memory: false,
			codec: 'msgpack',
			pool: {lanes: 1},
			breaker: {probeInterval: 30, consecutive: 2},
		},
	},
	{
		name: 'sliding',
		process: 2,
		isMortal: true,
		options: {...common, ttl: {sliding: true}, compression: {thresholdBytes: 1000}, journal: {maxKeys: 8}},
	},
];
