import {readFileSync} from 'node:fs';
import type {Peer} from '../peers/peer.js';
import type {HealDrill} from './drills.js';
import {type Failure, hangMs, type Outcome, recoveryLimitMs} from './outcome.js';

export type Row = {readonly peer: Peer; readonly outcome: Outcome | Failure};

/** The libraries that were measured, with their versions and settings. */
export function settingsTable(peers: readonly Peer[]): string {
	return markdown(
		['library', 'versions', 'settings', 'as its documentation says'],
		peers.map(({name, packages, settings, documentation}) => [
			name,
			packages.map((packageName) => `${packageName} ${versionOf(packageName)}`).join(', '),
			settings,
			documentation.map((link, index) => (link.startsWith('http') ? `[${index + 1}](${link})` : link)).join(' '),
		]),
	);
}

export function drillTable(drill: HealDrill, rows: readonly Row[]): string {
	const head = [
		'',
		'pending',
		'failed',
		'p50 / p99',
		'wrong reads',
		'acknowledged',
		'old values',
		'recovered',
		'unhandled',
	];
	const table = markdown(
		head,
		rows.map(({peer, outcome}) => [
			peer.name,
			...('failed' in outcome ? [`did not end: ${outcome.failed}`, ...head.slice(2).map(() => '')] : cells(outcome)),
		]),
	);
	return `### ${drill.name}: ${drill.summary}\n\n${table}`;
}

/** The figures of the first drill from before its outage. */
export function calmTable(rows: readonly Row[]): string {
	return markdown(
		['', 'p50', 'p99', 'wrong reads', 'connections', 'memory added'],
		rows.flatMap(({peer, outcome}) => {
			if ('failed' in outcome) return [];
			const {p50, p99, wrongReads, connections, addedMb} = outcome.calm;
			return [[peer.name, ms(p50), ms(p99), `${wrongReads}`, `${connections}`, `${Math.round(addedMb)} MB`]];
		}),
	);
}

function cells({pending, failedCalls, p50, p99, wrongReads, directed, recoveryMs, unhandled}: Outcome): string[] {
	return [
		`${pending}`,
		`${failedCalls}`,
		`${during(p50)} / ${during(p99)}`,
		`${wrongReads.during} / ${wrongReads.after}`,
		`${directed.acknowledged}`,
		`${directed.during} / ${directed.sameProcess} / ${directed.otherProcess}`,
		recoveryMs === null ? `not in ${recoveryLimitMs / 1000} s` : ms(recoveryMs),
		unhandled.length === 0 ? '0' : `${unhandled.length} (${unhandled[0]})`,
	];
}

/** The legend of the tables of the drills. */
export const legend = [
	`- **pending**: calls that had been in flight for more than ${hangMs} ms when the outage ended`,
	'- **failed**: calls of the whole drill that rejected',
	`- **p50 / p99**: latency of the calls that were due during the outage, from the time they were due; a call that takes over ${hangMs} ms counts as ${hangMs} ms`,
	'- **wrong reads**: of the workload, during the outage and after it: values older than the last acknowledged change of that key. A few of them come from loads that a change overtook, outage or not',
	'- **acknowledged**: of 100 keys that were cached before, and set or deleted during the outage: how many changes resolved before it ended',
	'- **old values**: of those keys, after their change was acknowledged: old values read during the outage, after it, and after it by another process; 50 keys each',
	'- **recovered**: time from when Redis could be reached again until a value was read that only Redis had',
	'- **unhandled**: unhandled rejections and exceptions; by default each of them ends a process',
].join('\n');

function versionOf(packageName: string): string {
	const root = new URL('../../../', import.meta.url);
	const file = packageName === 'redis-cache-tui' ? 'package.json' : `node_modules/${packageName}/package.json`;
	const {version} = JSON.parse(readFileSync(new URL(file, root), 'utf8')) as {readonly version: string};
	return version;
}

function during(value: number): string {
	return value >= hangMs ? `over ${hangMs} ms` : ms(value);
}

function ms(value: number): string {
	return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (values: readonly string[]): string => `| ${values.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
