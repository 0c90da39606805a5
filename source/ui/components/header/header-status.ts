import type {AttachedSnapshot, EngineSnapshot, TapSnapshot} from '../../../engine/protocol.js';
import type {TargetWarning} from '../../../engine/target-snapshot.js';
import {describeEffect, describeNode} from '../../../faults/catalogue.js';
import type {ActiveFault} from '../../../faults/fault.js';
import type {NodeSnapshot} from '../../../metrics/snapshot.js';
import {formatAge} from '../../../text/duration.js';
import {formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {modeStyles} from '../../charts/mode-line.js';
import type {Glyphs} from '../../glyphs.js';
import {applicationState} from '../../rows/application/application-state.js';
import {restrictionWords} from '../../rows/restriction-words.js';
import {verdictMark} from '../../rows/verdict-marks.js';
import type {StoreState} from '../../store/store.js';
import {markOf} from '../../text/connection-mark.js';
import {joinFitting, type Row, rowWidth, span} from '../../text/row.js';

const badge = (text: string, style: 'alarm' | 'notice'): Row => [span(` ${text} `, style), span(' ')];

const warningWords: Readonly<Record<TargetWarning['id'], string>> = {
	'too-slow': 'TOO SLOW FOR THE DEADLINE',
	'cluster-node': 'ONE NODE OF A CLUSTER',
	insecure: 'CERTIFICATE NOT CHECKED',
};

/** A fault on one node without the address of the node. */
function shortLabel({fault, label}: ActiveFault): string {
	const {node, nodeNumber} = fault;
	if (node === undefined) return label;
	return `${describeEffect(fault)}, ${nodeNumber === undefined ? describeNode(node) : `node ${nodeNumber}`}`;
}

/** The active faults, from the longest wording to the shortest. */
function outageBadge({faults, at}: EngineSnapshot): readonly Row[] {
	const [first, ...more] = faults;
	if (first === undefined) return [];
	const left = first.until === undefined ? undefined : `${formatAge(first.until - at)} left`;
	const others = more.length > 0 ? ` +${more.length}` : '';
	const lasted = formatAge(at - first.since);
	const label = `${printable(first.label)}${others}`;
	return [
		`SIMULATED OUTAGE ${label} ${left === undefined ? lasted : `${lasted}, ${left}`}`,
		`SIMULATED ${label} ${left ?? lasted}`,
		`SIMULATED ${printable(shortLabel(first))}${others} ${left ?? lasted}`,
		`SIMULATED OUTAGE${others}`,
		'OUTAGE',
	].map((words) => badge(words, 'alarm'));
}

/**
 * Badges for conditions that affect the meaning of all figures on the screen, most urgent first: each from its longest wording
 * to its shortest.
 */
export function badges({snapshot, silentMs, pausedAt}: StoreState, glyphs: Glyphs): readonly (readonly Row[])[] {
	const list: (readonly Row[])[] = [];
	if (snapshot) {
		if (snapshot.faults.length > 0) list.push(outageBadge(snapshot));
		const {wrongReads} = snapshot.workload;
		if (wrongReads > 0) list.push([badge(`${glyphs.fail} ${formatShortCount(wrongReads)} WRONG READS`, 'alarm')]);
		for (const {id} of snapshot.target.warnings) list.push([badge(warningWords[id], 'notice')]);
		if (snapshot.readOnly) list.push([badge('READ-ONLY', 'notice')]);
	}
	if (silentMs !== undefined) list.push([badge(`NO UPDATE for ${formatAge(silentMs)}`, 'alarm')]);
	if (pausedAt !== undefined) list.push([badge('PAUSED', 'notice')]);
	return list;
}

/** The badges in the longest wordings in which all of them fit; otherwise as many as fit in their shortest wordings. */
export function fittingBadges(all: readonly (readonly Row[])[], width: number): Row {
	const sizes = Math.max(1, ...all.map((wordings) => wordings.length));
	const rows = Array.from({length: sizes}, (_, size) => all.map((wordings) => wordings[size] ?? wordings.at(-1) ?? []));
	const fitting = rows.find((row) => rowWidth(row.flat()) <= width) ?? rows.at(-1) ?? [];
	return joinFitting(fitting, width);
}

const stateWords = {unknown: 'measuring', fine: 'fine', warn: 'warning', bad: 'trouble'} as const;

const levelStyles = {unknown: 'dim', fine: 'good', warn: 'notice', bad: 'alarm'} as const;

/** The state of a server, and how long its worst problem has lasted. Older, milder problems do not count. */
function stateRow({activity: {verdict}, at}: EngineSnapshot, glyphs: Glyphs): Row {
	const {level, problems} = verdict;
	const worst = problems.filter((problem) => problem.level === level);
	const age = worst.length > 0 ? formatAge(at - Math.min(...worst.map(({since}) => since))) : '';
	return [
		span(` ${verdictMark(level, glyphs)} ${stateWords[level]} `, levelStyles[level]),
		span(` ${age}`.padEnd(9), 'dim'),
	];
}

const applicationWords = {unknown: 'waiting', fine: 'healthy', warn: 'warning', bad: 'serious'} as const;

/** The state of the application behind the tap. A fault has a separate badge. */
function applicationRow(state: StoreState, glyphs: Glyphs): Row {
	const {level} = applicationState(state);
	const isFault = (state.snapshot?.faults.length ?? 0) > 0;
	const words = isFault ? 'fault' : applicationWords[level];
	return [span(` ${verdictMark(level, glyphs)} ${words} `, levelStyles[level]), span(' ')];
}

/** A live process that is silent or has ended, and since when. */
function absenceRow({state, since}: AttachedSnapshot, at: number, glyphs: Glyphs): Row {
	const mark = verdictMark(state === 'ended' ? 'bad' : 'warn', glyphs);
	return [
		span(` ${mark} ${state} `, state === 'ended' ? 'alarm' : 'notice'),
		span(` ${formatAge(at - since)}`.padEnd(9), 'dim'),
	];
}

/** The name of the connection in its color. It comes first and is never left out. */
export function connectionRow({snapshot}: StoreState): Row {
	const connection = snapshot?.target.connection;
	if (connection === undefined) return [];
	return [span(` ${printable(connection.name)} `, markOf(connection.color)), span(' ')];
}

export function modeRow(state: StoreState, glyphs: Glyphs): Row {
	const {snapshot} = state;
	if (!snapshot) return [span(state.starting, 'dim')];
	if (snapshot.source === 'server') return stateRow(snapshot, glyphs);
	if (snapshot.source === 'application') return applicationRow(state, glyphs);
	if (snapshot.attached && snapshot.attached.state !== 'live')
		return absenceRow(snapshot.attached, snapshot.at, glyphs);
	const {mode, at} = snapshot.cache.mode;
	const refused = restrictionWords(snapshot.cache);
	return [
		span(
			` ${glyphs.modes[mode]} ${mode} `,
			mode === 'connected' ? modeStyles[mode] : mode === 'fallback' ? 'alarm' : 'notice',
		),
		...lostNodesNote(snapshot.cache.nodes ?? []),
		...(refused === '' ? [] : [span(` ${refused}`, 'bad')]),
		span(` ${formatAge(snapshot.at - at)}`.padEnd(9), 'dim'),
	];
}

function lostNodesNote(nodes: readonly NodeSnapshot[]): Row {
	const used = nodes.filter(({mode}) => mode.mode === 'connected').length;
	return used === nodes.length ? [] : [span(` ${used}/${nodes.length} nodes`, 'bad')];
}

/** The address for the application, and the server behind the tap. */
function tapRows({listen, target}: TapSnapshot): readonly Row[] {
	const tap: Row = [span('tap', 'accent'), span(` ${printable(listen)}`, 'strong')];
	return [[...tap, span(' -> ', 'dim'), span(printable(target), 'dim')], tap];
}

/** The live process, and its server. */
function processRows({name, pid}: AttachedSnapshot, url: string): readonly Row[] {
	const live: Row = [span('attached', 'accent'), span(` ${printable(name)}`, 'strong')];
	const withPid: Row = [...live, span(` ${pid}`, 'dim')];
	return [[...withPid, span(' -> ', 'dim'), span(printable(url), 'dim')], withPid, live];
}

/** The server, from the longest wording to the shortest. */
export function targetRows({snapshot}: StoreState): readonly Row[] {
	if (!snapshot) return [];
	const {target, application, attached} = snapshot;
	if (application) return tapRows(application);
	if (attached) return processRows(attached, target.url);
	const name = span(printable(target.name), 'strong');
	const version = span(target.version === undefined ? '' : ` ${printable(target.version)}`, 'strong');
	const kind = span(
		target.kind === 'built-in' ? '' : ` ${[target.kind, target.topology].filter(Boolean).join(' ')}`,
		'accent',
	);
	const address = span(` ${printable(target.url.replace(/^redis:\/\/|\/0$/g, ''))}`, 'dim');
	const first = firstHost(target.url, target.topology);
	return [
		[name, version, kind, address],
		...(first === undefined ? [] : [[name, version, kind, span(` ${printable(first)}`, 'dim')]]),
		[name, version, kind],
		[name, kind],
		[name],
	];
}

/**
 * `cluster 10.0.0.1:6379 and 2 more`, for a URL with several hosts; without the first word if that is already shown (`said`).
 */
function firstHost(url: string, said: string | undefined): string | undefined {
	const {scheme, hosts} = /^rediss?\+(?<scheme>\w+):\/\/(?:[^@/]*@)?(?<hosts>[^/?]+)/.exec(url)?.groups ?? {};
	const [first, ...more] = hosts?.split(',') ?? [];
	if (more.length === 0) return undefined;
	const words = `${first} and ${more.length} more`;
	return scheme === said ? words : `${scheme} ${words}`;
}
