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
		| {readonly kind: 'failed'; readonly message: string}
		/** `at`: Unix time in milliseconds. */
		| {readonly kind: 'loaded'; readonly report: ServerReport; readonly at: number};
};

export const initialServer: ServerState = {tab: 'info', selected: 0, filter: noFilter, load: {kind: 'none'}};

/** The rows of the report that pass the filter. */
export function reportRows({load, filter}: ServerState): readonly ReportRow[] {
	if (load.kind !== 'loaded') return [];
	const words = wordsOfLine(filter.line);
	return load.report.rows.filter(({cells}) => hasWords(cells.join(' '), words));
}

/** Lines of the tab that pass the filter. */
export function lineCount(server: ServerState, snapshot: ServerSnapshot | undefined): number {
	return server.tab === 'info' ? serverLines(snapshot, server.filter).length : reportRows(server).length;
}
