import type {KeyCount} from '../../inspect/keys/count-keys.js';
import type {KeyPage} from '../../inspect/keys/key-page.js';
import type {KeyTreePage} from '../../inspect/keys/key-tree.js';
import type {RankedKeys} from '../../inspect/keys/ranked-keys.js';
import type {ServerSnapshot} from '../../inspect/server/info/server-info.js';
import {reportNames} from '../../inspect/server/reports/read-report.js';
import type {ServerReport} from '../../inspect/server/reports/report.js';
import {editKinds} from '../../inspect/values/edit-value.js';
import type {ElementPage} from '../../inspect/values/elements.js';
import type {KeyDetails} from '../../inspect/values/inspect-key.js';
import type {KeyUse} from '../../inspect/values/key-use.js';
import type {EntryFacts} from '../commands/lines/describe-entry.js';
import type {ConnectionSummary} from '../target/connection.js';
import type {TargetSnapshot} from '../target-snapshot.js';
import type {CommandSpec} from './command-spec.js';

const key = {name: 'key', kind: 'key'} as const;
const keys = {name: 'key', kind: 'key', rest: true} as const;

/** Commands on the Redis server and on its keys, written by any client. */
export const serverSpecs = {
	keys: {
		group: 'server',
		summary: 'List keys in Redis, a page at a time',
		args: [
			{name: 'pattern', kind: 'text', optional: true},
			{name: 'cursor', kind: 'text', optional: true},
			{name: 'count', kind: 'number', optional: true},
		],
		writes: false,
	},
	inspect: {
		group: 'server',
		summary: 'Show type, TTL, size and a preview of a key in Redis',
		args: [key],
		writes: false,
	},
	peek: {
		group: 'server',
		summary: 'Show type, TTL and size of a key, and how long no client has used it, without counting as a use',
		args: [key],
		writes: false,
	},
	text: {group: 'server', summary: 'Show a whole string of Redis as text, up to 1 MiB', args: [key], writes: false},
	elements: {
		group: 'server',
		summary:
			'List the elements of a collection, or the text of a long string, a page at a time; `*` or what they contain, then the cursor',
		args: [key, {name: 'match', kind: 'text', optional: true}, {name: 'cursor', kind: 'text', optional: true}],
		writes: false,
	},
	tree: {
		group: 'server',
		summary: 'Group the keys below a prefix by their next part, up to ":" or another delimiter',
		args: [
			{name: 'prefix', kind: 'text', optional: true},
			{name: 'cursor', kind: 'text', optional: true},
			{name: 'delimiter', kind: 'text', optional: true},
			{name: 'sizes', kind: 'choice', choices: ['sizes'], optional: true},
		],
		writes: false,
	},
	top: {
		group: 'server',
		summary: 'List the largest keys, or the keys that expire first',
		args: [
			{name: 'by', kind: 'choice', choices: ['size', 'ttl']},
			{name: 'pattern', kind: 'text', optional: true},
			{name: 'cursor', kind: 'text', optional: true},
		],
		writes: false,
	},
	count: {
		group: 'server',
		summary: 'Count the keys that match a pattern, and show some of them',
		args: [{name: 'pattern', kind: 'text', asks: 'a pattern such as user:*'}],
		writes: false,
	},
	remove: {
		group: 'server',
		summary: 'Delete keys from Redis by their full names',
		args: [keys],
		writes: 'removal',
		confirm: 'delete',
	},
	sweep: {
		group: 'server',
		summary: 'Delete all keys that match a pattern, in small batches; `sweep stop` ends it',
		args: [{name: 'pattern', kind: 'text', asks: 'a pattern such as user:*'}],
		writes: 'removal',
		harmless: ['stop'],
		confirm: 'delete',
	},
	edit: {
		group: 'server',
		summary: 'Change a part of a value in Redis: `edit user:1 hset name Ada`',
		args: [
			key,
			{name: 'what', kind: 'choice', choices: editKinds},
			{name: 'words', kind: 'text', rest: true, asks: 'the new content'},
		],
		writes: 'values',
	},
	lifetime: {
		group: 'server',
		summary: 'Change when a key in Redis expires: `1h30m`, or seconds; `never` removes its TTL',
		args: [key, {name: 'ttl', kind: 'duration', asks: 'a time such as 90 (seconds), 5m or 1h30m, or the word never'}],
		writes: 'values',
	},
	show: {
		group: 'server',
		summary: 'Show the slow log, clients, commands, memory, hot keys, replication or settings of the server',
		args: [{name: 'what', kind: 'choice', choices: reportNames, asks: `one of ${reportNames.join(', ')}`}],
		writes: false,
	},
	hotkeys: {
		group: 'server',
		summary: 'Count for 2 s which keys are used: by HOTKEYS, else by MONITOR, which takes up to half of the throughput',
		args: [{name: 'time', kind: 'duration', optional: true}],
		writes: false,
		confirm: 'count',
	},
	biggest: {
		group: 'server',
		summary: 'Look for the biggest keys, at the rate of scans; `show memory` has them, `biggest` again stops',
		args: [],
		writes: false,
	},
	kill: {
		group: 'server',
		summary: 'Close connections of applications, by their address, host, client name, or name@host',
		args: [{name: 'client', kind: 'text', asks: 'an address, a host or a client name: see `show clients`'}],
		writes: 'clients',
		confirm: 'kill',
	},
	info: {
		group: 'server',
		summary: "Show the server's INFO, or one section of it",
		args: [{name: 'section', kind: 'text', optional: true}],
		writes: false,
	},
	url: {
		group: 'server',
		summary: 'Show the URL of the private Redis with its password, to copy it to another program',
		args: [],
		writes: false,
	},
	redis: {
		group: 'server',
		summary: 'Send a command to Redis, as redis-cli does; without one, open the pane for more of them',
		args: [{name: 'command', kind: 'text', optional: true, rest: true, asks: 'a command of Redis, such as PING'}],
		writes: false,
	},
	connections: {
		group: 'server',
		summary: 'List the connections of the configuration file, to switch to one of them',
		args: [],
		writes: false,
	},
	connect: {
		group: 'server',
		summary: 'Switch to another Redis by its name or URL, with the workload off; `private` starts a private one',
		args: [{name: 'url', kind: 'url'}],
		writes: false,
	},
} as const satisfies Readonly<Record<string, CommandSpec>>;

/** The facts about a key, and for an entry of the cache those of its header. */
export type InspectedKey = KeyDetails & {readonly entry: EntryFacts | undefined};

/**
 * The data of their replies; `undefined` where there is nothing but lines for people. These commands take and return
 * keys in full, printable (`printKey`).
 */
export type ServerReplies = {
	readonly keys: KeyPage;
	readonly inspect: InspectedKey | undefined;
	/** Undefined if there is no such key. */
	readonly peek: KeyUse | undefined;
	readonly text: string;
	readonly elements: ElementPage;
	/** Pages of one prefix are joined by `mergeKeyTree`. */
	readonly tree: KeyTreePage;
	readonly top: RankedKeys;
	readonly count: KeyCount;
	readonly remove: {readonly deleted: number};
	/** Undefined for `sweep stop`. Progress is an event. */
	readonly sweep: {readonly pattern: string; readonly keys: number; readonly stopped: boolean} | undefined;
	readonly edit: undefined;
	readonly lifetime: undefined;
	readonly show: ServerReport;
	readonly hotkeys: ServerReport;
	readonly biggest: undefined;
	readonly kill: {readonly closed: number};
	readonly info: ServerSnapshot;
	/** Includes the login only for a private Redis. */
	readonly url: string;
	readonly redis: undefined;
	readonly connections: readonly ConnectionSummary[];
	readonly connect: TargetSnapshot;
};
