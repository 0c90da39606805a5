import {editKinds} from '../../inspect/values/edit-value.js';
import type {CommandSpec} from '../command-spec.js';

const key = {name: 'key', kind: 'key'} as const;
const keys = {name: 'key', kind: 'key', rest: true} as const;

/** Commands on the Redis itself and on its keys, whoever wrote them. */
export const serverSpecs: readonly CommandSpec[] = [
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
		args: [{name: 'pattern', kind: 'text', asks: 'a pattern such as user:*'}],
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
		args: [{name: 'pattern', kind: 'text', asks: 'a pattern such as user:*'}],
		writes: true,
		where: 'engine',
		confirm: 'delete',
	},
	{
		name: 'edit',
		group: 'server',
		summary: 'Change a part of a value in Redis: `edit user:1 hset name Ada`',
		args: [
			key,
			{name: 'what', kind: 'choice', choices: editKinds},
			{name: 'words', kind: 'text', rest: true, asks: 'to be told what is to be there'},
		],
		writes: true,
		where: 'engine',
	},
	{
		name: 'lifetime',
		group: 'server',
		summary: 'Change when a key of Redis expires; `never` keeps it',
		args: [key, {name: 'ttl', kind: 'duration', asks: 'a time such as 30s or 5m, or the word never'}],
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
		args: [{name: 'command', kind: 'text', rest: true, asks: 'a command of Redis, such as PING'}],
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
];
