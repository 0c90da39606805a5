import type {ServerSnapshot} from '../../../engine/protocol.js';
import {reportNames} from '../../../inspect/server/reports/read-report.js';
import type {ReportRow, ServerReport} from '../../../inspect/server/reports/report.js';
import {type Filter, hasWords, noFilter, wordsOfLine} from '../filter.js';
import {serverLines} from './server-lines.js';

/** The tabs of the server view, in their order. */
export const serverTabs = ['info', ...reportNames] as const;
export type ServerTab = (typeof serverTabs)[number];

export const tabTitles: Readonly<Record<ServerTab, string>> = {
	info: 'Info',
	slowlog: 'Slow log',
	clients: 'Clients',
	commands: 'Commands',
	memory: 'Memory',
	hotkeys: 'Hot keys',
	replication: 'Copies',
	config: 'Config',
};

export type ServerState = {
	readonly tab: ServerTab;
	readonly selected: number;
	readonly filter: Filter;
	/** The report of the tab. */
	readonly load:
		| {readonly kind: 'none'}
		| {readonly kind: 'loading'}
		/** `isRefused`: true if the server refuses it, so that it is not requested again periodically. */
		| {readonly kind: 'failed'; readonly message: string; readonly isRefused: boolean; readonly triedAt: number}
		| LoadedReport;
};

/** Times are Unix time in milliseconds. */
export type LoadedReport = {
	readonly kind: 'loaded';
	readonly report: ServerReport;
	readonly at: number;
	/** True while it is read again. */
	readonly isReading: boolean;
	/** Time at which it was read, or the last attempt failed. */
	readonly triedAt: number;
	/** The reason for which the report is still an older one. */
	readonly failure: string | undefined;
};

export const initialServer: ServerState = {tab: 'info', selected: 0, filter: noFilter, load: {kind: 'none'}};

/** The rows of the report that pass the filter. */
export function reportRows({load, filter}: ServerState): readonly ReportRow[] {
	if (load.kind !== 'loaded') return [];
	const words = wordsOfLine(filter.line);
	return load.report.rows.filter(({cells}) => hasWords(cells.join(' '), words));
}

const idOf = ({id, cells}: ReportRow): string => id ?? cells[0] ?? '';

/** The index of the selected row after the report was read again: the same row, if it is still there. */
export function selectedAfter(before: ServerState, after: ServerState): number {
	const row = reportRows(before)[before.selected];
	// If the first row was selected, the first row stays selected.
	if (before.selected === 0 || !row) return before.selected;
	const places = reportRows(after).flatMap((each, index) => (idOf(each) === idOf(row) ? [index] : []));
	const distance = (index: number) => Math.abs(index - before.selected);
	return (
		places.reduce<number | undefined>(
			(nearest, index) => (nearest !== undefined && distance(nearest) <= distance(index) ? nearest : index),
			undefined,
		) ?? before.selected
	);
}

/** Lines of the tab that pass the filter. */
export function lineCount(server: ServerState, snapshot: ServerSnapshot | undefined): number {
	return server.tab === 'info' ? serverLines(snapshot, server.filter).length : reportRows(server).length;
}
