/**
 * The cache.
 *
 * @module redis-cache-tui
 */
export {
	CorruptEntryError,
	InvalidDurationError,
	InvalidKeyError,
	InvalidValueError,
	LoaderTimeoutError,
	LoadQueueFullError,
	UnavailableError,
} from './cache/api/errors.js';
export type * from './cache/api/types.js';
export type {NamespaceCache} from './cache/namespace-cache.js';
export type {
	CallFacts,
	CallName,
	CallTrace,
	LoadTrace,
	ManyReadTrace,
	ManyWriteTrace,
	ReadTrace,
	WriteTrace,
} from './cache/observe/trace-types.js';
export {RedisCache} from './cache/redis-cache.js';
export type * from './metrics/durations.js';
export {joinPrometheus} from './metrics/join-prometheus.js';
export type * from './metrics/pool-snapshot.js';
export type * from './metrics/snapshot.js';
export type {TtlBucket, TtlHistogram} from './metrics/ttl-histogram.js';
export {
	AcquireTimeoutError,
	ClosedError,
	ConnectionLostError,
	CredentialsError,
	DeadlineError,
	InvalidArgumentError,
	MissingPackageError,
	NotConnectedError,
	OverloadError,
	RedisCacheError,
	ServerError,
	type ServerErrorKind,
	TopologyError,
} from './pool/errors.js';
