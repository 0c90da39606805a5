/**
 * Types that an application may rely on: compiled here, and against the packed package with the strictest settings.
 */
import {
	type CacheApi,
	type CacheEvents,
	type CacheOptions,
	type CacheSnapshot,
	type Codec,
	type Duration,
	type Entry,
	type ExpireResult,
	type GetOptions,
	type GetOrSetOptions,
	type Loader,
	RedisCache,
	RedisCacheError,
	type SetOptions,
	type WriteOptions,
	type WriteResult,
} from '../../../source/index.js';

type User = {readonly id: string; readonly name: string};
declare const findUser: (id: string) => Promise<User>;
declare const lookForUser: (id: string) => Promise<User | undefined>;
declare const lookForRow: (id: string) => Promise<User | null>;
declare const query: PromiseLike<User>;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};

/** A load has the type that its loader returns: `undefined` only if the loader may report an absent value. */
export const reading = async (cache: RedisCache): Promise<void> => {
	const there = await cache.getOrSet('k', () => findUser('1'));
	holds<Same<typeof there, User>>();
	const maybe = await cache.getOrSet('k', ({signal, key}) => lookForUser(`${key}${signal.aborted}`), {ttl: '5m'});
	holds<Same<typeof maybe, User | undefined>>();
	const row = await cache.getOrSet('k', () => lookForRow('1'));
	holds<Same<typeof row, User | null>>();
	const fromQuery = await cache.getOrSet('k', () => query);
	holds<Same<typeof fromQuery, User>>();
	const plain = await cache.getOrSet('k', () => 5);
	holds<Same<typeof plain, number>>();
	const either = await cache.getOrSet('k', async () => process.env.TEXT);
	holds<Same<typeof either, string | undefined>>();
	// @ts-expect-error -- a loader that may find nothing is not one that always finds a user
	const loader: Loader<User> = () => lookForUser('1');
	await cache.getOrSet('k', loader);

	const found = await cache.get<User>('k');
	holds<Same<typeof found, User | undefined>>();
	holds<Same<Awaited<ReturnType<typeof cache.get>>, unknown>>();
	const entry: Entry<User> | undefined = await cache.getEntry<User>('k');
	const many: ReadonlyMap<string, User> = await cache.getMany<User>(new Set(['k']));
	const ttl: number | undefined = await cache.ttl('k');
	const has: boolean = await cache.has('k');
	process.stdout.write([entry?.source, many.size, ttl, has].join());
};

/** Generic code of an application. */
export const cached = <T>(cache: CacheApi, key: string, load: () => Promise<T>): Promise<T> =>
	cache.getOrSet(key, load);

/** `undefined` stands for the default wherever there is one, as it comes from optional settings of an application. */
export const optional = async (cache: RedisCache, given: {readonly ttl?: Duration; readonly strict?: boolean}) => {
	const missing = undefined;
	const get: GetOptions = {strict: given.strict, signal: missing};
	const set: SetOptions = {ttl: given.ttl, grace: missing, tags: missing, strict: given.strict};
	const write: WriteOptions = {strict: missing};
	const load: GetOrSetOptions = {
		...set,
		...get,
		negativeTtl: missing,
		softTimeout: missing,
		hardTimeout: missing,
		refreshAhead: missing,
		fresh: missing,
	};
	const results: readonly (WriteResult | ExpireResult)[] = await Promise.all([
		cache.set('k', 1, set),
		cache.setMany([['k', 1]], set),
		cache.setMany(new Map([['k', 1]])),
		cache.delete('k', write),
		cache.deleteMany(new Set(['k']), write),
		cache.expire('k', '5m', write),
		cache.touch('k', write),
		cache.invalidateTags(['t'], write),
		cache.clear(write),
	]);
	await cache.getOrSet('k', ({setOptions}) => setOptions({ttl: given.ttl, tags: missing}), load);
	await cache.withConnection((connection) => connection.send('PING', [], {deadline: missing}), {
		purpose: missing,
		timeout: missing,
		signal: missing,
	});
	return results;
};

declare const codec: Codec | undefined;
const nothing = undefined;
export const options: CacheOptions = {
	url: process.env.REDIS_URL,
	deadline: nothing,
	prefix: nothing,
	namespace: nothing,
	ttl: {
		default: nothing,
		max: nothing,
		jitter: nothing,
		sliding: nothing,
		grace: nothing,
		refreshAhead: nothing,
		negative: nothing,
		patterns: [{match: /x/, ttl: nothing, grace: nothing}],
	},
	codec,
	compression: {thresholdBytes: nothing, algorithm: nothing},
	maxValueBytes: nothing,
	memory: {maxEntries: nothing, maxBytes: nothing, trust: nothing},
	journal: {maxKeys: nothing, path: process.env.JOURNAL},
	loader: {softTimeout: nothing, hardTimeout: nothing},
	breaker: {consecutive: nothing, rate: nothing, minimum: nothing, probeInterval: nothing},
	strict: nothing,
	pool: {
		lanes: nothing,
		capacity: nothing,
		missedDeadlines: nothing,
		connectTimeout: nothing,
		reconnect: {min: nothing, max: nothing},
		checkouts: {
			min: nothing,
			max: nothing,
			idleTimeout: nothing,
			maxLifetime: nothing,
			maxWaiters: nothing,
			acquireTimeout: nothing,
		},
		tls: nothing,
		clientName: nothing,
	},
};
export const emptyGroups: CacheOptions = {
	ttl: nothing,
	compression: nothing,
	memory: nothing,
	journal: nothing,
	loader: nothing,
	breaker: nothing,
	pool: {reconnect: nothing, checkouts: nothing},
};

export const mistakes = (cache: RedisCache) => [
	// @ts-expect-error -- no such option
	cache.set('k', 1, {tll: 5}),
	// @ts-expect-error -- options are an object
	cache.set('k', 1, 60),
	// @ts-expect-error -- no such unit
	cache.set('k', 1, {ttl: '5 parsecs'}),
	// @ts-expect-error -- a get has no TTL
	cache.get('k', {ttl: 5}),
	// @ts-expect-error -- a loader is needed
	cache.getOrSet('k'),
	// @ts-expect-error -- no such event
	cache.on('hits', () => {}),
	// @ts-expect-error -- no such option of the cache
	new RedisCache({ttls: '5m'}),
];

export const life = async (): Promise<CacheSnapshot> => {
	await using cache = new RedisCache(options);
	const stop = cache.on('mode', (event: CacheEvents['mode']) =>
		process.stdout.write(`${event.mode} ${event.previous.reason}`),
	);
	cache.on('error', ({error, operation}) =>
		process.stdout.write(`${operation} ${error instanceof RedisCacheError && error.code}`),
	);
	stop();
	await cache.ready('1s');
	process.stdout.write(await cache.prometheus({cache: 'users'}));
	return cache.stats();
};
