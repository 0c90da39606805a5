import {readFileSync} from 'node:fs';
import type {Peer} from '../peers/peer.js';
import type {HealDrill} from './drills.js';
import {type Failure, hangMs, type Outcome, recoveryLimitMs} from './outcome.js';

export type Row = {readonly peer: Peer; readonly outcome: Outcome | Failure};

/** What was measured, and with which versions and settings. */
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
		'pending at its end',
		'failed calls',
		'p50 / p99 during',
		'wrong reads during / after',
		'changes acknowledged',
		'old values of them: during / after / after, in another process',
		'recovered after',
		'unhandled errors',
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

/** Of the first drill, before its outage. */
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
		`${directed.acknowledged} of ${directed.changed}`,
		[directed.during, directed.sameProcess, directed.otherProcess]
			.map((old) => `${old} of ${directed.readByEach}`)
			.join(' / '),
		recoveryMs === null ? `not in ${recoveryLimitMs / 1000} s` : ms(recoveryMs),
		unhandled.length === 0 ? '0' : `${unhandled.length} (${unhandled[0]})`,
	];
}

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
