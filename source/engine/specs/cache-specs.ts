import type {CommandSpec} from '../command-spec.js';

const key = {name: 'key', kind: 'key'} as const;
const keys = {name: 'key', kind: 'key', rest: true} as const;

/** Commands on values, through the cache as an application would use it. */
export const cacheSpecs: readonly CommandSpec[] = [
	{name: 'get', group: 'cache', summary: 'Read a value through the cache', args: [key], writes: false, where: 'engine'},
	{
		name: 'set',
		group: 'cache',
		summary: 'Write a value through the cache; JSON is taken as such, anything else as text',
		args: [
			key,
			{name: 'value', kind: 'value'},
			{name: 'ttl', kind: 'duration', optional: true},
			{name: 'tag', kind: 'tag', optional: true, rest: true},
		],
		writes: true,
		where: 'engine',
	},
	{
		name: 'del',
		aliases: ['delete'],
		group: 'cache',
		summary: 'Delete keys',
		args: [keys],
		writes: true,
		where: 'engine',
	},
	{
		name: 'ttl',
		group: 'cache',
		summary: 'Tell how long a key is still fresh',
		args: [key],
		writes: false,
		where: 'engine',
	},
	{
		name: 'expire',
		group: 'cache',
		summary: 'Change how long a key is fresh',
		args: [key, {name: 'ttl', kind: 'duration'}],
		writes: true,
		where: 'engine',
	},
	{name: 'touch', group: 'cache', summary: 'Start the TTL of a key again', args: [key], writes: true, where: 'engine'},
	{name: 'has', group: 'cache', summary: 'Tell whether a key is there', args: [key], writes: false, where: 'engine'},
	{
		name: 'mget',
		group: 'cache',
		summary: 'Read several values in one batch',
		args: [keys],
		writes: false,
		where: 'engine',
	},
	{
		name: 'invalidate',
		aliases: ['tag'],
		group: 'cache',
		summary: 'Make every entry with one of these tags a miss',
		args: [{name: 'tag', kind: 'tag', rest: true}],
		writes: true,
		where: 'engine',
	},
	{
		name: 'clear',
		group: 'cache',
		summary: 'Make every entry of the namespace a miss',
		args: [],
		writes: true,
		where: 'engine',
		confirm: 'clear',
	},
	{
		name: 'flush',
		group: 'cache',
		summary: "Empty this program's memory tier; Redis is not touched",
		args: [{name: 'what', kind: 'choice', choices: ['memory']}],
		writes: false,
		where: 'engine',
	},
];
