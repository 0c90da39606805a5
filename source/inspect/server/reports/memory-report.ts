import {formatBytes, formatCount, formatPercent} from '../../../text/number.js';
import {listOf, type Sender, textOf} from '../../sender.js';
import {parseInfo} from '../info/info-sections.js';
import {fact, factColumns, type ReportRow, type ServerReport, title} from './report.js';

/** Ratio of resident to allocated memory above which memory counts as fragmented. */
const fragmented = 1.5;

/** Share of the limit from which on the server is full. */
const fullShare = 0.9;

/** Used bytes below which fragmentation is ignored: the memory of a small server is mostly overhead. */
const smallBytes = 64 * 1024 * 1024;

/** The reply to MEMORY STATS, by name. */
function statsOf(reply: unknown): ReadonlyMap<string, string> {
	const list = listOf(reply);
	return new Map(
		Array.from({length: Math.floor(list.length / 2)}, (_, index) => [
			textOf(list[2 * index]),
			textOf(list[2 * index + 1]),
		]),
	);
}

/** Shorter texts for the findings of MEMORY DOCTOR, by the names of the findings. */
const findings: Readonly<Record<string, string>> = {
	'peak memory': 'it once used over 150 % of the present size, and may not have returned the rest to the system',
	'high total rss': 'the process uses over 140 % of the data: a former peak, or fragmentation',
	'high allocator fragmentation': 'gaps between values: activedefrag closes them',
	'high allocator rss overhead': 'the allocator keeps free pages: MEMORY PURGE gives them back',
	'high process rss overhead': 'memory besides the data: scripts, modules, code',
	'big replica buffers': 'a replica reads too slowly, or the network is too slow for the writes',
	'big client buffers': 'clients read too slowly: see Clients',
	'many scripts': 'over 500 cached scripts: values should be arguments, not parts of the text',
};

/** The findings in a reply to MEMORY DOCTOR: ` * Peak memory: In the past this instance used …`. */
function doctorRows(letter: string): readonly ReportRow[] {
	const found = letter.split(/\r?\n/).flatMap((line) => /^\s*\*\s+(.*)/.exec(line)?.[1] ?? []);
	if (found.length > 0)
		return found.flatMap((finding) => {
			const [name = '', ...text] = finding.split(': ');
			const known = findings[name.toLowerCase()];
			return fact('doctor', name.toLowerCase(), known ?? text.join(': ').replace(/\. .*/, ''), 'warn');
		});
	const isTooSmall = /very little memory/.test(letter);
	return fact('doctor', isTooSmall ? 'cannot tell' : 'no issue', isTooSmall ? 'there is too little data' : '');
}

/** The ratio of resident to allocated memory. */
function fragmentationRows(used: number, ratio: number): readonly ReportRow[] {
	const value = ratio.toFixed(2);
	if (used < smallBytes) return fact('fragmentation', value, 'no concern below 64 MiB');
	if (ratio > fragmented) {
		const wasted = formatBytes(used * (ratio - 1));
		return fact('fragmentation', value, `${wasted} lost in gaps; activedefrag gives it back`, 'warn');
	}
	if (ratio < 1) return fact('fragmentation', value, 'part of it is swapped out: reads wait for the disk', 'bad');
	return fact('fragmentation', value, 'fine: little is lost in gaps');
}

const detailsTitle = title('Details');

/** Inserts rows about keys before the details; in a cluster, after all nodes. */
export function withKeyRows(report: ServerReport, keyRows: readonly ReportRow[]): ServerReport {
	const places = report.rows.flatMap((row, index) => (row === detailsTitle ? [index] : []));
	const at = places.length === 1 ? places[0] : report.rows.length;
	return {...report, rows: report.rows.toSpliced(at ?? 0, 0, ...keyRows)};
}

/** The memory of a server by purpose. */
export async function memoryReport(sender: Sender): Promise<ServerReport> {
	const {memory = {}} = parseInfo(textOf(await sender.send('INFO', ['ALL'])));
	const stats = statsOf(await sender.send('MEMORY', ['STATS']).catch(() => []));
	const doctor = await sender.send('MEMORY', ['DOCTOR']).then(textOf, () => '');
	const bytes = (field: string) => (memory[field] === undefined ? undefined : formatBytes(Number(memory[field])));
	const stat = (name: string) => (stats.has(name) ? formatBytes(Number(stats.get(name))) : undefined);
	const used = Number(memory.used_memory ?? 0);
	const limit = Number(memory.maxmemory ?? 0);
	const policy = memory.maxmemory_policy;
	const perKey = stats.get('keys.bytes-per-key');
	return {
		columns: factColumns(23, 14),
		rows: [
			...fact(
				'used',
				bytes('used_memory'),
				limit > 0 ? `${formatPercent(used / limit)} of the limit` : 'allocated by the server',
				limit > 0 && used / limit >= fullShare ? 'warn' : 'plain',
			),
			...fact('limit', limit > 0 ? formatBytes(limit) : 'none', 'maxmemory', limit > 0 ? 'plain' : 'warn'),
			...fact('policy at the limit', policy, 'maxmemory-policy', policy === 'noeviction' ? 'warn' : 'plain'),
			...fragmentationRows(used, Number(memory.mem_fragmentation_ratio ?? 1)),
			...doctorRows(doctor),
			detailsTitle,
			...fact('peak', bytes('used_memory_peak'), 'the most that was ever allocated'),
			...fact('seen by the system', bytes('used_memory_rss'), 'resident memory of the process'),
			...fact('data', bytes('used_memory_dataset'), 'keys and values'),
			...fact('overhead', bytes('used_memory_overhead'), 'tables, buffers, the server itself'),
			...fact(
				'keys',
				stats.has('keys.count') ? formatCount(Number(stats.get('keys.count'))) : undefined,
				'in all databases',
			),
			...fact(
				'bytes for each key',
				perKey === undefined ? undefined : formatBytes(Number(perKey)),
				'on average, overhead included',
			),
			...fact('buffers of clients', stat('clients.normal'), 'grows with slow readers and big replies'),
			...fact('buffers of replicas', stat('clients.slaves'), 'grows while one is slow'),
			...fact('replication backlog', stat('replication.backlog'), 'lets a replica catch up after a disconnection'),
			...fact('append-only file', stat('aof.buffer'), 'buffers'),
			...fact('scripts', bytes('used_memory_scripts') ?? bytes('used_memory_lua'), 'cached Lua scripts'),
			...fact('waiting to be freed', memory.lazyfree_pending_objects, 'objects, in the background'),
		],
		notes: ['Where the memory goes; INFO, MEMORY STATS and MEMORY DOCTOR'],
	};
}
