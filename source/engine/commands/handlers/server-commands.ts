import {milliseconds} from '../../../cache/options/duration.js';
import {classifyCommand} from '../../../inspect/command-flags.js';
import {parseKey} from '../../../inspect/escape-bytes.js';
import {keyPage} from '../../../inspect/keys/key-page.js';
import type {ServerFigures} from '../../../inspect/server/activity/figures.js';
import {killClients} from '../../../inspect/server/clients/kill-clients.js';
import {NodeQuestion} from '../../../inspect/server/info/node-question.js';
import type {ServerNode} from '../../../inspect/server/info/read-node.js';
import {readServer} from '../../../inspect/server/info/server-info.js';
import {withKeyRows} from '../../../inspect/server/reports/memory-report.js';
import {readReport, reportNames} from '../../../inspect/server/reports/read-report.js';
import type {ServerReport} from '../../../inspect/server/reports/report.js';
import {formatDuration} from '../../../text/duration.js';
import {formatCount, formatCountOf} from '../../../text/number.js';
import {mostSampleMs} from '../../session/server/hot-key-sampler.js';
import type {Session} from '../../session/session.js';
import {CommandError, type CommandHandlers, numberArgument} from '../command.js';
import {describeReply} from '../lines/describe-reply.js';
import {missingLines, rowLine} from '../lines/key-lines.js';
import {reportLines} from '../lines/report-lines.js';

/** Milliseconds that a page of keys may scan, except for the first one. */
const nextPageMs = 250;

/** The activity of a server, or of a node of a cluster, for applications in the last seconds. */
function recentOf({activity}: Session, address: string | undefined): ServerFigures | undefined {
	return address === undefined ? activity.recent : activity.nodes.find((node) => node.address === address)?.figures;
}

function withBiggestKeys(report: ServerReport, {biggestKeys, server}: Session): ServerReport {
	const withKeys = withKeyRows(report, biggestKeys.rows(server?.keys));
	// Refreshed often, to show the progress.
	return biggestKeys.isSearching ? {...withKeys, everySeconds: 1} : withKeys;
}

/** Commands on the server, over the inspection connection. None of them writes, except `redis`, which checks that itself. */
export const serverCommands = {
	async keys({session}, [pattern, cursor, rows]) {
		const page = await keyPage(session.inspector, {
			pattern,
			cursor,
			pace: session.pace,
			// The user waits for the first page; later ones are parts of a long scan.
			...(cursor === undefined ? {} : {budgetMs: nextPageMs}),
			...(rows === undefined ? {} : {rows: numberArgument(rows, 'the number of keys', 1, 1000)}),
		});
		const lines = page.rows.map(rowLine);
		const more = page.cursor === undefined ? [] : [`more: keys ${pattern || '*'} ${page.cursor}`];
		return {lines: [...lines, formatCountOf(page.rows.length, 'key'), ...more, ...missingLines(page)], data: page};
	},
	async show({session}, [what]) {
		const name = reportNames.find((each) => each === what.toLowerCase());
		if (!name) throw new CommandError(`show takes one of ${reportNames.join(', ')}, not ${JSON.stringify(what)}`);
		const sample = name === 'hotkeys' ? session.hotKeys.last : undefined;
		const read = sample ?? (await readReport(name, await session.nodes(), (address) => recentOf(session, address)));
		const report = name === 'memory' ? withBiggestKeys(read, session) : read;
		return {lines: reportLines(report), data: report};
	},
	async hotkeys({session}, [time = mostSampleMs], requireConsent) {
		const ms = milliseconds(time, 'time');
		if (ms > mostSampleMs) throw new CommandError(`keys are counted for at most 2 s, not ${formatDuration(ms)}`);
		requireConsent('load');
		const report = await session.hotKeys.sample(ms);
		return {lines: [`${report.notes[0]}; see \`show hotkeys\``], data: report};
	},
	biggest({session: {biggestKeys, pace}}) {
		if (biggestKeys.isSearching) {
			biggestKeys.stop();
			return {lines: ['no longer looking for the biggest keys']};
		}
		void biggestKeys.search();
		const rate = formatCount(pace.keysPerSecond);
		return {lines: [`looking for the biggest keys, at ${rate} keys/s; see \`show memory\``]};
	},
	async kill({session}, [client]) {
		const question = new NodeQuestion(({sender}: ServerNode) => killClients(sender, client));
		const {answers} = await question.ask(await session.nodes());
		const closed = answers.reduce((sum, count) => sum + count, 0);
		if (closed === 0)
			throw new CommandError(
				`no connection of an application is called ${JSON.stringify(client)}; see \`show clients\``,
			);
		return {lines: [`closed ${formatCountOf(closed, 'connection')}`], data: {closed}};
	},
	async info({session}, [section]) {
		const server = await readServer(session.inspector);
		const names = section === undefined ? Object.keys(server.info) : [section.toLowerCase()];
		const lines = names.flatMap((name) => [
			`# ${name}`,
			...Object.entries(server.info[name] ?? {}).map(([field, value]) => `${field}: ${value}`),
		]);
		if (section !== undefined && !server.info[names[0] ?? ''])
			throw new CommandError(
				`INFO has no section ${JSON.stringify(section)}; its sections are ${Object.keys(server.info).join(', ')}`,
			);
		return {lines, data: server};
	},
	async redis({session, refusalOfWrites}, words, requireConsent) {
		const [first] = words;
		if (first === undefined) throw new CommandError('redis needs a command of Redis, such as PING');
		const {kind, isDangerous} = await classifyCommand(session.inspector, words);
		const name = first.toUpperCase();
		if (kind === 'stateful') throw new CommandError(`${name} changes or blocks the connection; use redis-cli for it`);
		const writes = kind !== 'reads';
		const refusal = refusalOfWrites();
		if (refusal !== undefined && writes)
			throw new CommandError(
				`the server says that ${name} ${kind === 'writes' ? 'writes' : 'may write'}, and ${refusal}`,
			);
		if (isDangerous) requireConsent('dangerous', name);
		else if (writes) requireConsent('command', name);
		const reply = await session.inspector.send(name, words.slice(1).map(parseKey));
		return {lines: describeReply(reply, {command: words, writes})};
	},
} satisfies Partial<CommandHandlers>;
