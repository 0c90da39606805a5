import {classifyCommand} from '../../inspect/command-flags.js';
import {parseKey} from '../../inspect/escape-bytes.js';
import {keyPage} from '../../inspect/keys/key-page.js';
import {killClients} from '../../inspect/server/clients/kill-clients.js';
import {readServer} from '../../inspect/server/info/server-info.js';
import {readReport, reportNames} from '../../inspect/server/reports/read-report.js';
import {lifetimeWords} from '../../text/lifetime.js';
import {formatCountOf} from '../../text/number.js';
import {CommandError, type CommandHandlers, numberArgument} from './command.js';
import {describeReply} from './lines/describe-reply.js';
import {reportLines} from './lines/report-lines.js';

/** Milliseconds that a page of keys may scan, but for the first. */
const nextPageMs = 250;

/** Commands on the server, over the inspection connection. None of them writes, except `redis`, which has its own gate. */
export const serverCommands = {
	async keys({session}, [pattern, cursor, rows]) {
		const page = await keyPage(session.inspector, {
			pattern,
			cursor,
			pace: session.pace,
			// The first page is waited for; later ones are parts of a long scan.
			...(cursor === undefined ? {} : {budgetMs: nextPageMs}),
			...(rows === undefined ? {} : {rows: numberArgument(rows, 'the number of keys', 1, 1000)}),
		});
		const lines = page.rows.map(
			({key, type, ttlMs, bytes}) => `${key}  ${type}  ${lifetimeWords(ttlMs)}  ${bytes ?? '?'} B`,
		);
		const more = page.cursor === undefined ? [] : [`more: keys ${pattern || '*'} ${page.cursor}`];
		return {lines: [...lines, formatCountOf(page.rows.length, 'key'), ...more], data: page};
	},
	async show({session}, [what]) {
		const name = reportNames.find((each) => each === what.toLowerCase());
		if (!name) throw new CommandError(`show takes one of ${reportNames.join(', ')}, not ${JSON.stringify(what)}`);
		const sample = name === 'hotkeys' ? session.hotKeys.last : undefined;
		const report = sample ?? (await readReport(name, await session.nodes()));
		return {lines: reportLines(report), data: report};
	},
	async hotkeys({session}, _, requireConsent) {
		requireConsent('load');
		const report = await session.hotKeys.sample();
		return {lines: [`${report.notes[0]}; see \`show hotkeys\``], data: report};
	},
	async kill({session}, [client]) {
		const nodes = await session.nodes();
		const counts = await Promise.all(nodes.map(({sender}) => killClients(sender, client)));
		const closed = counts.reduce((sum, count) => sum + count, 0);
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
