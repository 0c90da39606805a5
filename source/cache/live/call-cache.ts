import {InvalidArgumentError} from '../../pool/errors.js';
import type {CacheApi} from '../api/types.js';
import type {Namespace} from '../keys/namespace.js';
import type {LiveCall} from './messages.js';

/** Longest value that is sent to a viewer, as JSON. */
const maxValueLength = 65_536;

/** Longest total of all values of a call. */
const maxReplyLength = 1_048_576;

const maxKeys = 1000;

/**
 * Executes a call of a viewer. The result can be serialized as JSON.
 *
 * @param namespaces The namespaces of the cache.
 */
export async function callCache(cache: CacheApi, namespaces: Iterable<Namespace>, call: LiveCall): Promise<unknown> {
	switch (call.name) {
		case 'get': {
			const entry = await cache.getEntry(call.key);
			return entry && {...entry, value: sendable(entry.value)};
		}
		case 'mget': {
			if (call.keys.length > maxKeys)
				throw new InvalidArgumentError('mget takes at most 1,000 keys here: ask for them in several calls');
			return sendableValues(await cache.getMany(call.keys));
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

/** The values, with an explanation in place of those that exceed the limit. */
function sendableValues(values: ReadonlyMap<string, unknown>): Readonly<Record<string, unknown>> {
	let left = maxReplyLength;
	const entries = Array.from(values, ([key, value]) => {
		if (left <= 0) return [key, '(left out: the values before it are a megabyte)'] as const;
		const text = textOf(value);
		if (text !== undefined && text.length <= maxValueLength) left -= text.length;
		return [key, sendable(value, text)] as const;
	});
	return Object.fromEntries(entries);
}

/** The value if JSON can represent it, else an explanation in its place. */
function sendable(value: unknown, text = textOf(value)): unknown {
	if (text === undefined) return '(a value that JSON cannot hold)';
	return text.length <= maxValueLength ? value : `(${text.length} characters of JSON, too long to be shown here)`;
}

function textOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value) ?? 'null';
	} catch {
		return undefined;
	}
}
