import type {ServerFigures} from '../activity/figures.js';
import {NodeQuestion} from '../info/node-question.js';
import type {ServerNode} from '../info/read-node.js';
import {clientsReport} from './clients-report.js';
import {commandsReport} from './commands-report.js';
import {configReport} from './config-report.js';
import {hotKeysReport} from './hot-keys-report.js';
import {memoryReport} from './memory-report.js';
import {replicationReport} from './replication-report.js';
import {joinReports, type ReadReport, type ServerReport} from './report.js';
import {slowLogReport} from './slow-log-report.js';

/** The reports of a server, in the order of the tabs. */
export const reportNames = ['slowlog', 'clients', 'commands', 'memory', 'hotkeys', 'replication', 'config'] as const;

export type ReportName = (typeof reportNames)[number];

type Reader = {
	readonly read: ReadReport;
	/** See `ServerReport.everySeconds`. */
	readonly everySeconds: number | undefined;
};

const readers: Readonly<Record<ReportName, Reader>> = {
	slowlog: {read: slowLogReport, everySeconds: 5},
	// CLIENT LIST takes about 2 µs for each connection.
	clients: {read: clientsReport, everySeconds: 5},
	commands: {read: commandsReport, everySeconds: 2},
	memory: {read: memoryReport, everySeconds: 5},
	// OBJECT FREQ counts as a lookup.
	hotkeys: {read: hotKeysReport, everySeconds: undefined},
	replication: {read: replicationReport, everySeconds: 2},
	config: {read: configReport, everySeconds: 30},
};

/**
 * Reads a report of a server, or of every master of a cluster that answers.
 *
 * @param recentOf Returns the activity of applications on a node in the last seconds, if known.
 */
export async function readReport(
	name: ReportName,
	nodes: readonly ServerNode[],
	recentOf: (address: string | undefined) => ServerFigures | undefined = () => undefined,
): Promise<ServerReport> {
	const {read, everySeconds} = readers[name];
	const question = new NodeQuestion(async ({address, sender}: ServerNode) => ({
		address,
		...(await read(sender, recentOf(address))),
	}));
	const {answers, missing} = await question.ask(nodes);
	return {...joinReports(answers, missing), everySeconds};
}
