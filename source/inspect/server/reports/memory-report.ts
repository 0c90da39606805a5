import {formatBytes, formatCount, formatPercent} from '../../../text/number.js';
import {listOf, type Sender, textOf} from '../../sender.js';
import {parseInfo} from '../info/info-sections.js';
import {fact, factColumns, type ReportRow, type ServerReport} from './report.js';

/** Memory as the system sees it over what is allocated, above which memory is fragmented. */
const fragmented = 1.5;

/** Bytes below which fragmentation does not matter: a small server is mostly overhead. */
const smallBytes = 64 * 1024 * 1024;

/** Pairs of MEMORY STATS, by name. */
function statsOf(reply: unknown): ReadonlyMap<string, string> {
	const list = listOf(reply);
	return new Map(
		Array.from({length: Math.floor(list.length / 2)}, (_, index) => [
			textOf(list[2 * index]),
			textOf(list[2 * index + 1]),
		]),
	);
}

/** The advice of MEMORY DOCTOR, a sentence a row. */
function doctorRows(text: string): readonly ReportRow[] {
	const lines = text
		.replaceAll(/([.:]) (?=[A-Z])/g, '$1\n')
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== '');
	return lines.map((line, index) => ({cells: [index === 0 ? 'memory doctor' : '', '', line], level: 'plain'}));
}

/** Where the memory of a server goes. */
export async function memoryReport(sender: Sender): Promise<ServerReport> {
	const {memory = {}} = parseInfo(textOf(await sender.send('INFO', ['ALL'])));
	const stats = statsOf(await sender.send('MEMORY', ['STATS']).catch(() => []));
	const doctor = await sender.send('MEMORY', ['DOCTOR']).then(textOf, () => '');
	const bytes = (field: string) => (memory[field] === undefined ? undefined : formatBytes(Number(memory[field])));
	const stat = (name: string) => (stats.has(name) ? formatBytes(Number(stats.get(name))) : undefined);
	const used = Number(memory.used_memory ?? 0);
	const limit = Number(memory.maxmemory ?? 0);
	const ratio = Number(memory.mem_fragmentation_ratio ?? 1);
	const policy = memory.maxmemory_policy;
	const perKey = stats.get('keys.bytes-per-key');
	return {
		columns: factColumns,
		rows: [
			...fact(
				'used',
				bytes('used_memory'),
				limit > 0 ? `${formatPercent(used / limit)} of the limit` : 'allocated by the server',
			),
			...fact('limit', limit > 0 ? formatBytes(limit) : 'none', 'maxmemory', limit > 0 ? 'plain' : 'warn'),
			...fact('policy at the limit', policy, 'maxmemory-policy', policy === 'noeviction' ? 'warn' : 'plain'),
			...fact('peak', bytes('used_memory_peak'), 'the most that was ever allocated'),
			...fact('seen by the system', bytes('used_memory_rss'), 'resident memory of the process'),
			...fact(
				'fragmentation',
				memory.mem_fragmentation_ratio,
				'seen by the system over used; above 1.5 memory is wasted, below 1 it is swapped',
				used >= smallBytes && (ratio > fragmented || ratio < 1) ? 'warn' : 'plain',
			),
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
			...fact('buffers of replicas', stat('clients.slaves'), ''),
			...fact('replication backlog', stat('replication.backlog'), 'lets a replica that was away catch up'),
			...fact('append-only file', stat('aof.buffer'), 'buffers'),
			...fact('scripts', bytes('used_memory_scripts') ?? bytes('used_memory_lua'), 'cached Lua scripts'),
			...fact('waiting to be freed', memory.lazyfree_pending_objects, 'objects, in the background'),
			...doctorRows(doctor),
		],
		notes: ['INFO, MEMORY STATS and MEMORY DOCTOR; `top size` or s on the Keys view finds the biggest keys'],
	};
}
