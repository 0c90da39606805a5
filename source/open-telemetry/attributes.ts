import type {Attributes} from '@opentelemetry/api';
import type {CallTrace} from '../cache/observe/trace-types.js';
import {RedisCacheError, ServerError} from '../pool/errors.js';
import {parseRedisUrl} from '../pool/redis-url.js';

/** Address of Redis by the semantic conventions for databases. If the URL has several hosts, that of the first. */
export const serverAttributes = (url: string): Attributes => {
	const target = parseRedisUrl(url);
	const system = {'db.system.name': 'redis'};
	switch (target.type) {
		case 'unix':
			return {...system, 'server.address': target.path, 'db.namespace': String(target.db)};
		case 'tcp': {
			const {host, port} = target.endpoint;
			return {...system, 'server.address': host, 'server.port': port, 'db.namespace': String(target.db)};
		}
		case 'sentinel': {
			const [first] = target.sentinels;
			return {...system, ...addressOf(first), 'db.namespace': String(target.db)};
		}
		case 'cluster': {
			const [first] = target.nodes;
			return {...system, ...addressOf(first)};
		}
	}
};

const addressOf = (endpoint: {readonly host: string; readonly port: number} | undefined): Attributes =>
	endpoint === undefined ? {} : {'server.address': endpoint.host, 'server.port': endpoint.port};

/** The outcome of a call, without its key, tags and value. */
export const outcomeAttributes = (trace: CallTrace): Attributes => {
	const attributes: Attributes = {};
	if ('outcome' in trace) attributes['redis_cache.outcome'] = trace.outcome;
	if ('source' in trace) attributes['redis_cache.source'] = trace.source;
	if ('stored' in trace) attributes['redis_cache.stored'] = trace.stored;
	if ('applied' in trace) attributes['redis_cache.applied'] = trace.applied;
	if ('keys' in trace) attributes['redis_cache.keys'] = trace.keys;
	if ('hits' in trace) attributes['redis_cache.hits'] = trace.hits;
	return attributes;
};

/** The reason for a rejection: the code of an error of this package, or the name of another error. */
export const errorAttributes = (error: unknown): Attributes => {
	if (error instanceof ServerError) return {'error.type': error.code, 'db.response.status_code': error.prefix};
	if (error instanceof RedisCacheError) return {'error.type': error.code};
	return {'error.type': error instanceof Error ? error.name : '_OTHER'};
};
