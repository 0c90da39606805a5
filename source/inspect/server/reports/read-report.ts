import type {ServerNode} from '../info/read-node.js';
import {clientsReport} from './clients-report.js';
import {commandsReport} from './commands-report.js';
import {configReport} from './config-report.js';
import {hotKeysReport} from './hot-keys-report.js';
import {memoryReport} from './memory-report.js';
import {replicationReport} from './replication-report.js';
import {joinReports, type ReadReport, type ServerReport} from './report.js';
import {slowLogReport} from './slow-log-report.js';

/** What can be looked at on a server, in the order of the tabs. */
export const reportNames = ['slowlog', 'clients', 'commands', 'memory', 'hotkeys', 'replication', 'config'] as const;

export type ReportName = (typeof reportNames)[number];

const readers: Readonly<Record<ReportName, ReadReport>> = {
	slowlog: slowLogReport,
	clients: clientsReport,
	commands: commandsReport,
	memory: memoryReport,
	hotkeys: hotKeysReport,
	replication: replicationReport,
	config: configReport,
};

/** Reads a report: of a server, or of every master of a cluster. */
export async function readReport(name: ReportName, nodes: readonly ServerNode[]): Promise<ServerReport> {
	const reports = nodes.map(async ({address, sender}) => ({address, ...(await readers[name](sender))}));
	return joinReports(await Promise.all(reports));
}
