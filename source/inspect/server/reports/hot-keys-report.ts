import {formatElapsed, formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCount, formatCountOf, formatPercent, formatShortCount} from '../../../text/number.js';
import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {parseKey, printKey} from '../../escape-bytes.js';
import {listOf, type Sender, textOf} from '../../sender.js';
import {type HotKeysSession, hasHotKeys, readHotKeys} from '../hot-keys/hotkeys-command.js';
import {sampleByLfu} from '../hot-keys/lfu-sample.js';
import type {MonitorBounds, MonitorSample} from '../hot-keys/monitor-sample.js';
import type {ReportColumn, ServerReport} from './report.js';

const keyColumn: ReportColumn = {title: 'KEY', width: 30, grows: true, priority: 0};

/** Maximum number of keys that are listed. */
const listedKeys = 50;

/** Share of all uses from which on a key counts as hot. */
const hotShare = 0.2;

const levelOf = (share: number) => (share >= hotShare ? ('warn' as const) : ('plain' as const));

const howToSample = 's counts for 2 s which keys are used, after a confirmation';

/** A report of the keys that HOTKEYS has counted. */
export function countedReport({
	keys,
	totalMicroseconds,
	totalBytes,
	ms,
	isOurs,
	isActive,
	sampleRatio,
	startedAt,
}: HotKeysSession): ServerReport {
	const share = (part: number | undefined, all: number) => (part === undefined || all === 0 ? 0 : part / all);
	const shown = (part: number | undefined, all: number) => (part === undefined ? '' : formatPercent(share(part, all)));
	return {
		columns: [
			keyColumn,
			{title: 'TIME', width: 7, align: 'right', priority: 0},
			{title: 'SPENT', width: 9, align: 'right', priority: 2},
			{title: 'TRAFFIC', width: 7, align: 'right', priority: 1},
			{title: 'BYTES', width: 9, align: 'right', priority: 3},
		],
		rows: [...keys]
			.sort((a, b) => (b.microseconds ?? 0) - (a.microseconds ?? 0) || (b.bytes ?? 0) - (a.bytes ?? 0))
			.map(({key, microseconds, bytes}) => ({
				cells: [
					printKey(key),
					shown(microseconds, totalMicroseconds),
					microseconds === undefined ? '' : formatLatency(microseconds / 1000),
					shown(bytes, totalBytes),
					bytes === undefined ? '' : formatBytes(bytes),
				],
				level: levelOf(Math.max(share(microseconds, totalMicroseconds), share(bytes, totalBytes))),
			})),
		notes: [
			`Counted by the server for ${formatElapsed(ms)}${startedAt === undefined ? '' : ` from ${formatTimeOfDay(startedAt)}`}${isActive ? ', and still counting' : ''}${sampleRatio > 1 ? `, estimated from one of ${formatCount(sampleRatio)} uses` : ''}: share of its time and of its traffic; HOTKEYS`,
			...(isOurs || isActive ? [] : ['Another client left this count; `redis HOTKEYS RESET` allows a new one']),
		],
	};
}

async function lfuReport(sender: Sender): Promise<ServerReport> {
	const {keys, share} = await sampleByLfu(sender);
	return {
		columns: [keyColumn, {title: 'LFU COUNTER', width: 11, align: 'right', priority: 0}],
		rows: keys
			.slice(0, listedKeys)
			.map(({key, counter}) => ({cells: [printKey(key), String(counter)], level: 'plain'})),
		notes: [
			`${formatPercent(share, 0)} of all keys sampled; LFU counters are logarithmic, 0 to 255; OBJECT FREQ`,
			howToSample,
		],
	};
}

/** The keys that are read and written most, if the server counts that. */
export async function hotKeysReport(sender: Sender): Promise<ServerReport> {
	const counted = (await hasHotKeys(sender)) ? await readHotKeys(sender) : undefined;
	if (counted) return countedReport(counted);
	const policy = await sender.send('CONFIG', ['GET', 'maxmemory-policy']).then(
		(reply) => textOf(listOf(reply)[1]),
		() => undefined,
	);
	if (policy?.endsWith('lfu')) return lfuReport(sender);
	const why =
		policy === undefined
			? 'This user may not read the eviction policy, which decides if the server counts the uses of a key'
			: `The server does not count the uses of a key: its policy is ${policy}, not an LFU policy`;
	return {columns: [keyColumn], rows: [], notes: [why, howToSample]};
}

const ends: Readonly<Record<keyof MonitorBounds, string>> = {
	ms: '',
	commands: ', ended early by the number of commands',
	bytes: ', ended early by the bytes that were received',
};

/** Formats an item of a MONITOR sample: `database key`, with the key as escaped by MONITOR. */
function printMonitored(item: string): string {
	const space = item.indexOf(' ');
	const [database, escaped] = [item.slice(0, space), item.slice(space + 1)];
	const key = printKey(parseKey(`"${escaped}"`));
	return database === '0' ? key : `${key} (database ${database})`;
}

/** A report of a MONITOR sample. @param at When it was taken, Unix time in milliseconds. */
export function monitorReport({keys, uses, error, commands, ms, endedBy}: MonitorSample, at: number): ServerReport {
	const seconds = Math.max(0.001, ms / 1000);
	return {
		columns: [
			keyColumn,
			{title: 'SHARE', width: 7, align: 'right', priority: 0},
			{title: 'USES/S', width: 8, align: 'right', priority: 0},
			{title: 'USES', width: 8, align: 'right', priority: 1},
		],
		rows: keys.map(({item, count}) => ({
			cells: [
				printMonitored(item),
				formatPercent(count / Math.max(1, uses)),
				formatShortCount(count / seconds),
				formatCount(count),
			],
			level: levelOf(count / Math.max(1, uses)),
		})),
		notes: [
			`${formatCountOf(commands, 'command')} in ${formatElapsed(ms)} at ${formatTimeOfDay(at)}${ends[endedBy]}; MONITOR${error > 0 ? `; uses are up to ${formatCount(error)} too few` : ''}`,
		],
	};
}
