import {formatLatency} from '../../../text/duration.js';
import {formatPercent, formatShortCount} from '../../../text/number.js';
import {type Sender, textOf} from '../../sender.js';
import {familyOf} from '../activity/command-families.js';
import type {ServerFigures} from '../activity/figures.js';
import {perSecond} from '../activity/merge-figures.js';
import {countersOf} from '../info/counters.js';
import {parseInfo} from '../info/info-sections.js';
import type {ReportColumn, ServerReport} from './report.js';

const columns: readonly ReportColumn[] = [
	{title: 'COMMAND', width: 16, grows: true, priority: 0},
	{title: 'TIME', width: 7, align: 'right', priority: 0},
	{title: 'CALLS', width: 7, align: 'right', priority: 0},
	{title: 'NOW/S', width: 7, align: 'right', priority: 0},
	{title: 'AVERAGE/S', width: 9, align: 'right', priority: 4},
	{title: 'EACH', width: 8, align: 'right', priority: 1},
	{title: 'P50', width: 8, align: 'right', priority: 5},
	{title: 'P99', width: 8, align: 'right', priority: 2},
	{title: 'FAILED', width: 7, align: 'right', priority: 3},
	{title: 'REFUSED', width: 7, align: 'right', priority: 4},
	{title: 'KIND', width: 14, priority: 6},
];

/** Average duration of a command, in milliseconds, from which on it delays others. */
const slowMs = 1;

/** A quantile of `latencystats`, in milliseconds: `p50=5.023,p99=9.023`. */
function quantile(text: string | undefined, name: string): number | undefined {
	const found = new RegExp(`(?:^|,)${name}=([\\d.]+)`).exec(text ?? '')?.[1];
	return found === undefined ? undefined : Number(found) / 1000;
}

/**
 * All commands since the start of the server, those with the most total time first. Current calls are those of applications in
 * the last ten seconds, for the ten commands with the most time.
 */
export async function commandsReport(sender: Sender, recent: ServerFigures | undefined): Promise<ServerReport> {
	const info = parseInfo(textOf(await sender.send('INFO', ['ALL'])));
	const {commands} = countersOf(info, Date.now(), undefined);
	const uptime = Math.max(1, Number(info.server?.uptime_in_seconds ?? 1));
	const total = Math.max(
		1,
		[...commands.values()].reduce((sum, {microseconds}) => sum + microseconds, 0),
	);
	const now = new Map(recent?.busiest.map(({name, calls}) => [name, perSecond(calls, recent)]));
	const shown = (value: number | undefined) => (value === undefined ? '' : formatLatency(value));
	const rows = [...commands]
		.sort(([, a], [, b]) => b.microseconds - a.microseconds)
		.map(([name, {calls, microseconds, failed, rejected}]) => {
			const quantiles = info.latencystats?.[`latency_percentiles_usec_${name}`];
			const each = calls > 0 ? microseconds / calls / 1000 : undefined;
			const isAdministration = familyOf(name) === 'administration';
			return {
				cells: [
					name.replace('|', ' ').toUpperCase(),
					formatPercent(microseconds / total),
					formatShortCount(calls),
					now.has(name) ? formatShortCount(now.get(name)) : '',
					formatShortCount(calls / uptime),
					shown(each),
					shown(quantile(quantiles, 'p50')),
					shown(quantile(quantiles, 'p99')),
					failed > 0 ? formatShortCount(failed) : '',
					rejected > 0 ? formatShortCount(rejected) : '',
					familyOf(name),
				],
				level: isAdministration ? ('dim' as const) : (each ?? 0) >= slowMs ? ('warn' as const) : ('plain' as const),
			};
		});
	return {
		columns,
		rows,
		notes: [
			'Totals since the start or CONFIG RESETSTAT, from INFO ALL; NOW/S counts applications only, for the busiest commands',
		],
	};
}
