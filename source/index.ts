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
export {joinPrometheus} from './metrics/join-prometheus.js';
export type * from './metrics/snapshot.js';
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
