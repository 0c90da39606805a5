import type {CacheApi} from '../api/types.js';
import type {Namespaces} from '../keys/namespaces.js';
import type {LiveCall} from './messages.js';

/** Longest value that is sent to a viewer, as JSON. */
const maxValueLength = 65_536;

/** Makes the call of a viewer. The result can be written as JSON. */
export async function callCache(cache: CacheApi, namespaces: Namespaces, call: LiveCall): Promise<unknown> {
	switch (call.name) {
		case 'get': {
			const entry = await cache.getEntry(call.key);
			return entry && {...entry, value: sendable(entry.value)};
		}
		case 'mget': {
			const values = await cache.getMany(call.keys);
			return Object.fromEntries(Array.from(values, ([key, value]) => [key, sendable(value)]));
		}
		case 'has':
			return cache.has(call.key);
		case 'ttl':
			return cache.ttl(call.key);
		case 'touch':
			return cache.touch(call.key);
		case 'set':
			return cache.set(call.key, call.value, {
				...(call.ttlMs !== undefined && {ttl: call.ttlMs}),
				...(call.tags.length > 0 && {tags: call.tags}),
			});
		case 'expire':
			return cache.expire(call.key, call.ttlMs);
		case 'del':
			return cache.deleteMany(call.keys);
		case 'invalidate':
			return cache.invalidateTags(call.tags);
		case 'clear':
			return cache.clear();
		case 'flush':
			for (const {tier} of namespaces) tier?.clear();
			return undefined;
	}
}

/** A value as JSON has it, or words in its place. */
function sendable(value: unknown): unknown {
	try {
		const text = JSON.stringify(value) ?? 'null';
		return text.length <= maxValueLength ? value : `(${text.length} characters of JSON, too long to be shown here)`;
	} catch {
		return '(a value that JSON cannot hold)';
	}
}
