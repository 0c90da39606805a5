import {editKinds} from '../inspect/edit-value.js';
import type {CommandSpec} from './command-spec.js';

const key = {name: 'key', kind: 'key'} as const;
const keys = {name: 'key', kind: 'key', rest: true} as const;

/** Every command there is, in the order in which help shows them. Pure data: the engine's handlers and the screen's are elsewhere. */
export const commandSpecs: readonly CommandSpec[] = [
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
	{
		name: 'keys',
		group: 'server',
		summary: 'List keys in Redis, a page at a time',
		args: [
			{name: 'pattern', kind: 'text', optional: true},
			{name: 'cursor', kind: 'text', optional: true},
			{name: 'count', kind: 'number', optional: true},
		],
		writes: false,
		where: 'engine',
	},
	{
		name: 'inspect',
		group: 'server',
		summary: 'Show type, TTL, size and a preview of a key in Redis',
		args: [key],
		writes: false,
		where: 'engine',
	},
	{
		name: 'tree',
		group: 'server',
		summary: 'Group the keys below a prefix by what comes up to the next ":"',
		args: [
			{name: 'prefix', kind: 'text', optional: true},
			{name: 'cursor', kind: 'text', optional: true},
		],
		writes: false,
		where: 'engine',
	},
	{
		name: 'top',
		group: 'server',
		summary: 'List the largest keys, or those that expire first',
		args: [
			{name: 'by', kind: 'choice', choices: ['size', 'ttl']},
			{name: 'pattern', kind: 'text', optional: true},
			{name: 'cursor', kind: 'text', optional: true},
		],
		writes: false,
		where: 'engine',
	},
	{
		name: 'count',
		group: 'server',
		summary: 'Count the keys of a pattern, and show some of them',
		args: [{name: 'pattern', kind: 'text'}],
		writes: false,
		where: 'engine',
	},
	{
		name: 'remove',
		group: 'server',
		summary: 'Delete keys of Redis, named in full',
		args: [keys],
		writes: true,
		where: 'engine',
		confirm: 'delete',
	},
	{
		name: 'sweep',
		group: 'server',
		summary: 'Delete all keys of a pattern, a few at a time; `sweep stop` ends it',
		args: [{name: 'pattern', kind: 'text'}],
		writes: true,
		where: 'engine',
		confirm: 'delete',
	},
	{
		name: 'edit',
		group: 'server',
		summary: 'Change a part of a value in Redis: `edit user:1 hset name Ada`',
		args: [key, {name: 'what', kind: 'choice', choices: editKinds}, {name: 'words', kind: 'text', rest: true}],
		writes: true,
		where: 'engine',
	},
	{
		name: 'lifetime',
		group: 'server',
		summary: 'Change when a key of Redis expires; `never` keeps it',
		args: [key, {name: 'ttl', kind: 'duration'}],
		writes: true,
		where: 'engine',
	},
	{
		name: 'info',
		group: 'server',
		summary: "Show the server's INFO, or one section of it",
		args: [{name: 'section', kind: 'text', optional: true}],
		writes: false,
		where: 'engine',
	},
	{
		name: 'redis',
		group: 'server',
		summary: 'Send a command to Redis as it is; with --read-only only those that the server says do not write',
		args: [{name: 'command', kind: 'text', rest: true}],
		writes: false,
		where: 'engine',
	},
	{
		name: 'connect',
		group: 'server',
		summary: 'Work on another Redis from now on, workload off; `private` goes back to one of our own',
		args: [{name: 'url', kind: 'url'}],
		writes: false,
		where: 'engine',
	},
	{
		name: 'outage',
		group: 'outage',
		summary: 'Break the connection to Redis: `outage latency 200ms for 10s`',
		args: [{name: 'fault', kind: 'fault', rest: true}],
		writes: false,
		where: 'engine',
		keys: ['o'],
	},
	{
		name: 'heal',
		group: 'outage',
		summary: 'Lift all faults, or the one with this number',
		args: [{name: 'id', kind: 'number', optional: true}],
		writes: false,
		where: 'engine',
	},
	{name: 'faults', group: 'outage', summary: 'List the faults there are', args: [], writes: false, where: 'engine'},
	{
		name: 'drill',
		group: 'outage',
		summary: 'Run a drill: a timed outage with expectations; `drill stop` ends it',
		args: [{name: 'drill', kind: 'drill'}],
		writes: true,
		where: 'engine',
	},
	{name: 'drills', group: 'outage', summary: 'List the drills there are', args: [], writes: false, where: 'engine'},
	{
		name: 'workload',
		group: 'workload',
		summary: 'Turn the traffic on or off, or change its rate, its keys or its mix of read:write:delete',
		args: [
			{name: 'what', kind: 'choice', choices: ['on', 'off', 'rate', 'mix', 'keys']},
			{name: 'value', kind: 'text', optional: true},
		],
		writes: true,
		where: 'engine',
	},
	{
		name: 'pool',
		group: 'pool',
		summary: 'Change the number of lanes: `pool resize 8`',
		args: [
			{name: 'what', kind: 'choice', choices: ['resize']},
			{name: 'lanes', kind: 'number'},
		],
		writes: false,
		where: 'engine',
	},
	{
		name: 'checkout',
		group: 'pool',
		summary: 'Borrow connections for a while, to see others wait: `checkout hold 8 for 5s`',
		args: [
			{name: 'what', kind: 'choice', choices: ['hold']},
			{name: 'count', kind: 'number'},
			{name: 'for', kind: 'choice', choices: ['for'], optional: true},
			{name: 'time', kind: 'duration', optional: true},
		],
		writes: false,
		where: 'engine',
	},
	{
		name: 'export',
		group: 'screen',
		summary: 'Write what is known now to a file, as JSON',
		args: [{name: 'file', kind: 'text'}],
		writes: false,
		where: 'engine',
	},
	{
		name: 'view',
		group: 'screen',
		summary: 'Go to a view; the digits 1 to 6 do the same',
		args: [{name: 'view', kind: 'choice', choices: ['overview', 'keys', 'pool', 'server', 'faults', 'log']}],
		writes: false,
		where: 'screen',
	},
	{
		name: 'window',
		group: 'screen',
		summary: 'Choose how much time the charts show',
		args: [{name: 'window', kind: 'choice', choices: ['1m', '15m', '2h']}],
		writes: false,
		where: 'screen',
	},
	{
		name: 'theme',
		group: 'screen',
		summary: 'Choose colours',
		args: [{name: 'theme', kind: 'choice', choices: ['default', 'light', 'colour-blind', 'mono']}],
		writes: false,
		where: 'screen',
	},
	{
		name: 'pause',
		group: 'screen',
		summary: 'Hold the screen still, or go on',
		args: [],
		writes: false,
		where: 'screen',
		keys: ['p'],
	},
	{
		name: 'help',
		group: 'screen',
		summary: 'Show keys and commands',
		args: [],
		writes: false,
		where: 'screen',
		keys: ['?'],
	},
	{
		name: 'quit',
		aliases: ['exit'],
		group: 'screen',
		summary: 'Leave',
		args: [],
		writes: false,
		where: 'screen',
		keys: ['q', 'ctrl+c'],
	},
];

const byName = new Map(
	commandSpecs.flatMap((spec) => [spec.name, ...(spec.aliases ?? [])].map((name) => [name, spec] as const)),
);

/** The command of a name or an alias. */
export function findCommand(name: string): CommandSpec | undefined {
	return byName.get(name.toLowerCase());
}

/** `set <key> <value> [ttl] [tag…]` */
export function usageOf(spec: CommandSpec): string {
	const words = spec.args.map((argument) => {
		const name = (argument.choices?.length === 1 ? argument.choices[0] : argument.name) + (argument.rest ? '…' : '');
		return argument.optional ? `[${name}]` : `<${name}>`;
	});
	return [spec.name, ...words].join(' ');
}
