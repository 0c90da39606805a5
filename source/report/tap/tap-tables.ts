import {formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatPercent, formatShortCount} from '../../text/number.js';
import type {TapResult} from './tap-result.js';

/** A list of the report. The first column has the names of the rows. */
export type TapTable = {
	readonly title: string;
	readonly heads: readonly string[];
	readonly rows: readonly (readonly string[])[];
};

/** Maximum number of rows of a list. */
const maxRows = 15;

/** Minimum share of all reads for a key to be listed, and minimum bytes for a value to be. */
const hotShare = 0.01;
const bigBytes = 1024;

const latency = (ms: number | null): string => (ms === null ? '–' : formatLatency(ms));
const percent = (share: number | null): string => (share === null ? '–' : formatPercent(share));

/** The lists of a report that are not empty. */
export function tapTables({application}: TapResult): readonly TapTable[] {
	return [
		commands(application),
		patterns(application),
		clients(application),
		ttls(application),
		hotKeys(application),
		bigValues(application),
	].filter(({rows}) => rows.length > 0);
}

/** Names of figures with their values. */
export function tapFacts({application}: TapResult): readonly (readonly [name: string, value: string])[] {
	const {commands, reads, latencyMs, bytes, writes, connections, errors} = application;
	const codes = Object.entries(errors).map(([code, count]) => `${code} ${formatCount(count)}`);
	return [
		['Commands', `${formatCount(commands.total)}, ${formatShortCount(commands.perSecond)}/s`],
		['Hit ratio', `${percent(reads.hitRatio)} of ${formatCount(reads.hits + reads.misses)}`],
		['Latency', `p50 ${latency(latencyMs.p50)}, p99 ${latency(latencyMs.p99)}, max ${latency(latencyMs.max)}`],
		['Errors', codes.join(', ') || 'none'],
		...(commands.redirects > 0 ? [['Redirects (MOVED, ASK)', formatCount(commands.redirects)] as const] : []),
		['Commands without a reply', formatCount(commands.lost)],
		['Keys written', `${formatCount(writes.total)}, ${formatCount(writes.withoutTtl)} without a TTL`],
		[
			'Connections',
			`${formatCount(connections.open)} open, ${formatCount(connections.opened)} opened, at most ${formatCount(connections.peak)}`,
		],
		['Deepest pipeline', formatCount(connections.deepestPipeline)],
		['Traffic', `${formatBytes(bytes.in)} from the application, ${formatBytes(bytes.out)} to it`],
		['Server', application.target],
	];
}

type Application = TapResult['application'];

const commands = ({commands: {byName}}: Application): TapTable => ({
	title: 'Commands',
	heads: ['Command', 'Count', 'p50', 'p99', 'Errors'],
	rows: byName
		.slice(0, maxRows)
		.map(({name, count, p50Ms, p99Ms, errors}) => [
			name,
			formatCount(count),
			latency(p50Ms),
			latency(p99Ms),
			formatCount(errors),
		]),
});

const patterns = ({patterns: list}: Application): TapTable => ({
	title: 'Keys by pattern',
	heads: ['Pattern', 'Reads', 'Hit ratio', 'Writes', 'Deletes'],
	rows: list
		.slice(0, maxRows)
		.map(({pattern, reads, hitRatio, writes, deletes}) => [
			pattern,
			formatCount(reads),
			percent(hitRatio),
			formatCount(writes),
			formatCount(deletes),
		]),
});

const clients = ({connections}: Application): TapTable => ({
	title: 'Clients by name',
	heads: ['Name', 'Open connections', 'Commands'],
	rows: connections.clients
		.slice(0, maxRows)
		.map(({name, connections: open, commands: count}) => [
			name === '' ? 'without a name' : name,
			formatCount(open),
			formatCount(count),
		]),
});

const ttls = ({writes}: Application): TapTable => ({
	title: 'TTLs written',
	heads: ['TTL', 'Keys'],
	rows: writes.ttls
		.filter(({count}) => count > 0)
		.map(({label, count}) => [ttlWords[label] ?? `up to ${label}`, formatCount(count)]),
});

const ttlWords: Readonly<Record<string, string>> = {
	more: 'more than 1d',
	none: 'none',
	kept: 'kept as it was',
	unknown: 'unknown, by a script',
};

const hotKeys = ({hotKeys: list}: Application): TapTable => ({
	title: 'Hot keys',
	heads: ['Key', 'Reads', 'Share of all'],
	rows: list
		.filter(({share}) => share >= hotShare)
		.slice(0, maxRows)
		.map(({key, reads, share}) => [key, formatCount(reads), formatPercent(share)]),
});

const bigValues = ({bigValues: list}: Application): TapTable => ({
	title: 'Largest values',
	heads: ['Key', 'Size on the wire'],
	rows: list
		.filter(({bytes}) => bytes >= bigBytes)
		.slice(0, maxRows)
		.map(({key, bytes}) => [key, formatBytes(bytes)]),
});
