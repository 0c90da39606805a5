import {formatBytes} from '../../../text/number.js';
import {listOf, type Sender, textOf} from '../../sender.js';
import {factColumns, type ReportRow, type ServerReport} from './report.js';

type Advice = {readonly level: 'warn' | 'plain'; readonly text: string};

type Judge = (value: string, all: ReadonlyMap<string, string>) => Advice;

const warn = (text: string): Advice => ({level: 'warn', text});
const plain = (text: string): Advice => ({level: 'plain', text});

/** Functions that judge the settings that matter to a cache, in the order of the report. */
const judges: Readonly<Record<string, Judge>> = {
	maxmemory: (value) =>
		value === '0'
			? warn('no limit: a cache grows until the system kills the server')
			: plain(`evicts or refuses at ${formatBytes(Number(value))}`),
	'maxmemory-policy'(value, all) {
		if (value === 'noeviction')
			return warn(
				all.get('maxmemory') === '0' ? 'never evicts' : 'refuses writes with OOM at the limit, instead of evicting',
			);
		if (value.startsWith('volatile')) return plain('evicts only keys with a TTL: without those it refuses writes');
		return plain('evicts any key at the limit');
	},
	'maxmemory-samples': (value) =>
		Number(value) < 5 ? warn('below 5 it often evicts the wrong keys') : plain('keys compared before one is evicted'),
	maxclients: () => plain('connections above that are refused'),
	timeout: (value) =>
		value === '0' ? plain('idle connections stay open') : plain('seconds until an idle connection is closed'),
	'tcp-keepalive': (value) =>
		value === '0'
			? warn('connections of crashed clients stay open forever')
			: plain('seconds between probes of a silent client'),
	'slowlog-log-slower-than': (value) =>
		Number(value) < 0
			? warn('the slow log is off')
			: Number(value) === 0
				? warn('every command is logged as slow')
				: plain('microseconds from which a command is slow'),
	'slowlog-max-len': (value) =>
		Number(value) === 0 ? warn('the slow log keeps nothing') : plain('entries of the slow log'),
	'latency-monitor-threshold': (value) =>
		plain(value === '0' ? 'LATENCY HISTORY is off' : 'milliseconds for LATENCY HISTORY'),
	'latency-tracking': (value) =>
		value === 'no'
			? warn('no latency of commands: p50 and p99 are missing')
			: plain('measures the latency of commands'),
	'lazyfree-lazy-eviction': (value) =>
		value === 'no' ? warn('evicting a big value blocks the server') : plain('evicts big values in the background'),
	'lazyfree-lazy-expire': (value) =>
		value === 'no' ? warn('expiring a big value blocks the server') : plain('expires big values in the background'),
	'lazyfree-lazy-user-del': (value) =>
		plain(value === 'no' ? 'DEL of a big value blocks the server; UNLINK does not' : 'DEL frees in the background'),
	activedefrag: (value) => plain(value === 'no' ? 'fragmented memory is not compacted' : 'compacts fragmented memory'),
	appendonly: (value) =>
		plain(value === 'yes' ? 'logs each change to disk: a cache seldom needs it' : 'changes are not logged'),
	save: (value) =>
		plain(value === '' ? 'no snapshots' : 'snapshots to disk: each fork stops the server and takes memory'),
	'stop-writes-on-bgsave-error': (value, all) =>
		value === 'yes' && (all.get('save') ?? '') !== ''
			? warn('after a failed snapshot all writes are refused')
			: plain(value === 'yes' ? 'no effect: there are no snapshots' : 'writes go on after a failed snapshot'),
	'repl-backlog-size': (value) => plain(`${formatBytes(Number(value))}: a replica that missed more needs a full copy`),
	'client-output-buffer-limit': () => plain('a client that reads too slowly is closed above it'),
	'tracking-table-max-keys': () => plain('keys remembered for CLIENT TRACKING'),
	'notify-keyspace-events': (value) =>
		value === '' ? plain('off') : plain('each change is published, which takes time'),
	hz: () => plain('rounds a second in which keys expire'),
	'protected-mode': (value) =>
		plain(value === 'no' ? 'reachable from other machines' : 'without a password only from this machine'),
};

/** Settings whose values are secrets. */
const isSecret = (name: string): boolean => /pass|auth|secret|user$/i.test(name) && !name.startsWith('acl-pubsub');

/** All settings: first those that matter to a cache, with harmful values marked, then the others. */
export async function configReport(sender: Sender): Promise<ServerReport> {
	const list = listOf(await sender.send('CONFIG', ['GET', '*']));
	const all = new Map(
		Array.from({length: Math.floor(list.length / 2)}, (_, index) => [
			textOf(list[2 * index]),
			textOf(list[2 * index + 1]),
		]),
	);
	const shown = (name: string, value: string) => (isSecret(name) && value !== '' ? '(secret)' : value);
	const judged = Object.entries(judges).flatMap(([name, judge]): ReportRow[] => {
		const value = all.get(name);
		if (value === undefined) return [];
		const {level, text} = judge(value, all);
		return [{cells: [name, shown(name, value) || '(empty)', text], level}];
	});
	const others = [...all]
		.filter(([name]) => judges[name] === undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]): ReportRow => ({cells: [name, shown(name, value), ''], level: 'dim'}));
	const marked = judged.filter(({level}) => level === 'warn');
	return {
		columns: factColumns(27, 12),
		rows: [...marked, ...judged.filter(({level}) => level !== 'warn'), ...others],
		notes: [`${marked.length === 0 ? 'No setting hurts a cache' : 'Marked: what hurts a cache'}; CONFIG GET`],
	};
}
