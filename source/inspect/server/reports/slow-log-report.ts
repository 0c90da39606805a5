import {formatAge, formatLatency} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {listOf, type Sender, textOf} from '../../sender.js';
import {parseInfo} from '../info/info-sections.js';
import {clockAhead, readSlowLog} from '../info/slow-log.js';
import type {ReportColumn, ServerReport} from './report.js';

/** Number of entries that are shown: the default of `slowlog-max-len`. */
const entries = 128;

/** Milliseconds from which on one command is a problem, since all others wait. */
const badMs = 100;

const columns: readonly ReportColumn[] = [
	{title: 'AGO', width: 7, align: 'right', priority: 1},
	{title: 'TIME', width: 8, priority: 3},
	{title: 'TOOK', width: 8, align: 'right', priority: 0},
	{title: 'COMMAND', width: 24, grows: true, priority: 0},
	{title: 'CLIENT', width: 18, priority: 2},
	{title: 'ADDRESS', width: 21, priority: 4},
];

/** The shortest duration that the server logs, in words. */
async function thresholdWords(sender: Sender): Promise<string> {
	const [, value] = listOf(await sender.send('CONFIG', ['GET', 'slowlog-log-slower-than']));
	const us = Number(textOf(value));
	if (us < 0) return 'The slow log is off: slowlog-log-slower-than is negative';
	return `Commands that took over ${formatLatency(us / 1000)} (slowlog-log-slower-than)`;
}

/** The slow log: newest entries first, without commands of this program, and without values. */
export async function slowLogReport(sender: Sender): Promise<ServerReport> {
	const info = await sender.send('INFO', ['server']).catch(() => '');
	const aheadMs = clockAhead(parseInfo(textOf(info)), Date.now());
	const calls = await readSlowLog(sender, entries, aheadMs);
	const threshold = await thresholdWords(sender).catch(() => 'Commands above slowlog-log-slower-than');
	return {
		columns,
		rows: calls.map(({id, at, ms, command, moreWords, client, address}) => ({
			id: String(id),
			cells: [
				formatAge(Math.max(0, Date.now() - at)),
				formatTimeOfDay(at),
				formatLatency(ms),
				`${command}${moreWords > 0 ? ` (${formatCountOf(moreWords, 'more word')})` : ''}`,
				client === '' ? '(no name)' : client,
				address,
			],
			level: ms >= badMs ? 'bad' : 'plain',
		})),
		notes: [`${threshold}; newest first`],
	};
}
