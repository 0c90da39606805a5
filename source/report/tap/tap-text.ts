import type {ApplicationSnapshot, EngineEvent, TapSnapshot} from '../../engine/protocol.js';
import type {ActiveFault} from '../../faults/fault.js';
import {formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatCountOf, formatPercent, formatShortCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {findingLines} from '../finding-lines.js';

/** Maximum number of rows of a list. */
const rows = 10;

/** Minimum share of all reads for a key to be listed, and minimum bytes for a value to be. */
const hotShare = 0.01;
const bigBytes = 1024;

const latency = (ms: number | null): string => formatLatency(ms ?? undefined);

const percent = (share: number | null): string => formatPercent(share ?? undefined);

/**
 * The traffic of the application between two snapshots, as one line without a line feed. Latencies are those of the last
 * second, like the rates, and errors are counted since the start.
 */
export function tapLine(before: TapSnapshot, now: ApplicationSnapshot, faults: readonly ActiveFault[]): string {
	const seconds = Math.max(0.001, now.seconds - before.seconds);
	const hits = now.reads.hits - before.reads.hits;
	const asked = hits + now.reads.misses - before.reads.misses;
	const {connections, commands, live} = now;
	const hasLatency = typeof live.lastSecond?.p50Ms === 'number';
	const lately = (ms: number | null | undefined) => (hasLatency ? latency(ms ?? null) : '-');
	const columns = [
		`${Math.floor(now.seconds)} s`.padStart(7),
		`${formatShortCount((commands.total - before.commands.total) / seconds)}/s`.padStart(8),
		`hit ratio ${asked === 0 ? 'no reads' : formatPercent(hits / asked)}`.padEnd(18),
		`p50 ${lately(live.lastSecond?.p50Ms)}`.padEnd(11),
		`p99 ${lately(live.lastSecond?.p99Ms)}`.padEnd(11),
		`${formatCountOf(connections.open, 'connection')}, ${formatCount(connections.busy)} busy`,
		`errors ${formatCount(commands.errors)}`,
		...(commands.lost > 0 ? [`lost ${formatCount(commands.lost)}`] : []),
		...(faults.length > 0 ? [faults.map(({label}) => label).join(' + ')] : []),
	];
	return printable(columns.join('  '));
}

/**
 * A warning in the lines of a tap. One about the server begins with `Redis:`, since the other lines are about the
 * application.
 */
export const warningWords = ({topic, text}: Pick<EngineEvent, 'topic' | 'text'>): string =>
	topic === 'server' ? `Redis: ${text}` : text;

/** The report of a tap, for people. */
export function tapReport(snapshot: TapSnapshot): string {
	const lines = [
		`application on ${snapshot.listen}, Redis at ${snapshot.target}, ${snapshot.seconds.toFixed(1)} s`,
		...totals(snapshot),
		'',
		...findingLines(snapshot.findings),
		...table('command', snapshot.commands.byName, ({name, count, errors, p50Ms, p99Ms}) => [
			name,
			formatCount(count),
			`p50 ${latency(p50Ms)}`,
			`p99 ${latency(p99Ms)}`,
			errors === 0 ? '' : `errors ${formatCount(errors)}`,
		]),
		...table('keys', snapshot.patterns, ({pattern, reads, hitRatio, writes, deletes}) => [
			pattern,
			`reads ${formatCount(reads)}`,
			`hit ratio ${percent(hitRatio)}`,
			`writes ${formatCount(writes)}`,
			`deletes ${formatCount(deletes)}`,
		]),
		...table(
			'hot keys',
			snapshot.hotKeys.filter(({share}) => share >= hotShare),
			({key, reads, share}) => [key, `reads ${formatCount(reads)}`, formatPercent(share)],
		),
		...table(
			'largest values',
			snapshot.bigValues.filter(({bytes}) => bytes >= bigBytes),
			({key, bytes}) => [key, formatBytes(bytes)],
		),
	];
	return `${lines.map(printable).join('\n')}\n`;
}

/** Words about the errors of clients that send commands at their start which an older server does not know. */
const harmlessWords = (errors: number): string =>
	errors === 0 ? '' : `; ${formatCountOf(errors, 'harmless one')}: CLIENT SETINFO, which this server does not know`;

/** Words about redirections: replies of a cluster node that name the node of the key. */
const redirectWords = (redirects: number): string =>
	redirects === 0 ? '' : `; ${formatCountOf(redirects, 'redirect')} to another node (MOVED, ASK)`;

function totals({connections, commands, errors, reads, latencyMs, bytes, writes, sampledKeys}: TapSnapshot): string[] {
	const codes = Object.entries(errors).map(([code, count]) => `${code} ${formatCount(count)}`);
	const ttls = writes.ttls.filter(({count}) => count > 0).map(({label, count}) => `${label}: ${formatCount(count)}`);
	const {open, opened, peak, deepestPipeline, refusedLogins, reset, unreadable} = connections;
	const rare = [
		refusedLogins > 0 && `${formatCount(refusedLogins)} refused logins`,
		reset > 0 && `${formatCount(reset)} reset`,
		unreadable > 0 && `${formatCount(unreadable)} forwarded without being read, since they use another protocol`,
	].filter((text) => text !== false);
	return [
		`commands: ${formatCount(commands.total)}, ${formatShortCount(commands.perSecond)}/s; p50 ${latency(latencyMs.p50)}, p99 ${latency(latencyMs.p99)}, max ${latency(latencyMs.max)}`,
		`hit ratio: ${reads.hitRatio === null ? 'no reads' : percent(reads.hitRatio)} (${formatCountOf(reads.hits, 'hit')}, ${formatCountOf(reads.misses, 'miss', 'misses')})`,
		`writes: ${formatCountOf(writes.total, 'key')}, ${formatCount(writes.withoutTtl)} without a TTL${ttls.length > 0 ? `; TTLs ${ttls.join('  ')}` : ''}`,
		`connections: ${formatCount(open)} open, ${formatCount(opened)} opened, peak ${formatCount(peak)}; deepest pipeline ${formatCount(deepestPipeline)}${rare.length > 0 ? `; ${rare.join(', ')}` : ''}`,
		`traffic: ${formatBytes(bytes.in)} from the application, ${formatBytes(bytes.out)} to it`,
		`errors: ${codes.join(', ') || 'none'}${harmlessWords(commands.harmlessErrors)}${redirectWords(commands.redirects)}${commands.lost > 0 ? `; ${formatCountOf(commands.lost, 'command')} without a reply` : ''}`,
		...(sampledKeys === '1/1'
			? []
			: [`keys: at this rate not all were followed, at times ${sampledKeys} of the less used ones`]),
	];
}

/** A list as aligned columns under a title. No lines for an empty list. */
function table<Item>(title: string, items: readonly Item[], cellsOf: (item: Item) => readonly string[]): string[] {
	const cells = items.slice(0, rows).map(cellsOf);
	if (cells.length === 0) return [];
	const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
	const lines = cells.map((row) =>
		`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
	);
	return ['', title, ...lines];
}
