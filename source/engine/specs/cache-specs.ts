import type {Entry, ExpireResult, WriteResult} from '../../cache/api/types.js';
import type {CommandSpec} from './command-spec.js';

const key = {name: 'key', kind: 'key'} as const;
const keys = {name: 'key', kind: 'key', rest: true} as const;

/** Commands on values, executed through the cache as an application would. */
export const cacheSpecs = {
	get: {
		group: 'cache',
		summary: 'Read a value through the cache; on your Redis, the key of that name if there is one',
		args: [key],
		writes: false,
	},
	set: {
		group: 'cache',
		summary: 'Write a value through the cache: as JSON if it is valid JSON, else as text',
		args: [
			key,
			{name: 'value', kind: 'value'},
			{name: 'ttl', kind: 'duration', optional: true},
			{name: 'tag', kind: 'tag', optional: true, rest: true},
		],
		writes: 'values',
	},
	del: {
		group: 'cache',
		summary: 'Delete keys; with soft at the end, make their values stale instead',
		args: [keys],
		writes: 'removal',
		aliases: ['delete'],
	},
	ttl: {group: 'cache', summary: 'Show how long a key stays fresh', args: [key], writes: false},
	expire: {
		group: 'cache',
		summary: 'Change how long a key stays fresh',
		args: [key, {name: 'ttl', kind: 'duration'}],
		writes: 'values',
	},
	touch: {group: 'cache', summary: 'Restart the TTL of a key', args: [key], writes: 'values'},
	has: {group: 'cache', summary: 'Show whether a key exists', args: [key], writes: false},
	mget: {group: 'cache', summary: 'Read several values in one batch', args: [keys], writes: false},
	invalidate: {
		group: 'cache',
		summary: 'Invalidate every entry that has one of these tags; with soft at the end, make them stale instead',
		args: [{name: 'tag', kind: 'tag', rest: true}],
		writes: 'removal',
		aliases: ['tag', 'invalidate-tags'],
	},
	clear: {
		group: 'cache',
		summary: 'Invalidate every entry of the namespace; with soft, make them stale instead',
		args: [{name: 'how', kind: 'choice', choices: ['soft'], optional: true}],
		writes: 'removal',
		confirm: 'clear',
	},
	flush: {
		group: 'cache',
		summary: 'Empty the memory tier of this process; Redis is not touched',
		args: [{name: 'what', kind: 'choice', choices: ['memory']}],
		writes: false,
	},
} as const satisfies Readonly<Record<string, CommandSpec>>;

/**
 * The data of their replies; `undefined` where there is nothing but lines for people. These commands take names without
 * `EngineSnapshot.keyPrefix`.
 */
export type CacheReplies = {
	readonly get: Entry<unknown> | undefined;
	readonly set: WriteResult;
	readonly del: WriteResult;
	/** Milliseconds. */
	readonly ttl: number | undefined;
	readonly expire: ExpireResult;
	readonly touch: ExpireResult;
	readonly has: boolean;
	readonly mget: Readonly<Record<string, unknown>>;
	readonly invalidate: WriteResult;
	readonly clear: WriteResult;
	readonly flush: undefined;
};
