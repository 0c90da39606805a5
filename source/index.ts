export {InvalidDurationError, InvalidKeyError, InvalidValueError, LoaderTimeoutError, UnavailableError} from './cache/errors.js';
export {RedisCache} from './cache/redis-cache.js';
export type * from './cache/types.js';
export type * from './metrics/snapshot.js';
export {
	AcquireTimeoutError,
	ClosedError,
	ConnectionLostError,
	DeadlineError,
	InvalidArgumentError,
	NotConnectedError,
	OverloadError,
	RedisCacheError,
	ServerError,
} from './pool/errors.js';
