import type {RestoreCounts} from '../../inspect/transfer/key-record.js';
import type {CommandSpec} from './command-spec.js';

const key = {name: 'key', kind: 'key'} as const;
const newName = {name: 'new', kind: 'text', asks: 'the new name'} as const;
const pattern = {name: 'pattern', kind: 'text', asks: 'a pattern such as user:*'} as const;

/** Commands that move keys, or work on many of them. */
export const keyspaceSpecs = {
	rename: {
		group: 'server',
		summary: 'Rename a key, unless the new name exists',
		args: [key, newName],
		writes: 'values',
	},
	copy: {
		group: 'server',
		summary: 'Copy a key with its TTL, unless the new name exists',
		args: [key, newName],
		writes: 'values',
	},
	'expire-all': {
		group: 'server',
		summary: 'Change when all keys that match a pattern expire, in small batches; `sweep stop` ends it',
		args: [pattern, {name: 'ttl', kind: 'duration', asks: 'a time such as 90 (seconds) or 1h30m, or the word never'}],
		writes: 'bulk',
		confirm: 'expire',
	},
	undo: {
		group: 'server',
		summary: 'Restore the keys deleted last, or those in a file of deleted keys; existing keys stay',
		args: [{name: 'file', kind: 'text', optional: true}],
		writes: 'bulk',
		confirm: 'restore',
	},
	'save-keys': {
		group: 'server',
		summary: 'Save keys with their values to a new file: JSON lines, or for redis-cli --pipe if it ends in .resp',
		args: [
			{name: 'file', kind: 'text', asks: 'the name of a new file'},
			{name: 'pattern', kind: 'text', optional: true},
		],
		writes: false,
	},
	'load-keys': {
		group: 'server',
		summary: 'Load keys from a file of JSON lines; existing keys stay',
		args: [{name: 'file', kind: 'text', asks: 'the name of a file'}],
		writes: 'bulk',
		confirm: 'load',
	},
} as const satisfies Readonly<Record<string, CommandSpec>>;

/** The data of their replies; `undefined` where there is nothing but lines for people. */
export type KeyspaceReplies = {
	readonly rename: undefined;
	readonly copy: undefined;
	readonly 'expire-all': {readonly pattern: string; readonly keys: number; readonly stopped: boolean};
	readonly undo: RestoreCounts;
	/** `path`: absolute. */
	readonly 'save-keys': {readonly path: string; readonly keys: number};
	readonly 'load-keys': RestoreCounts;
};
