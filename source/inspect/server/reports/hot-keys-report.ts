import {formatPercent} from '../../../text/number.js';
import {printKey} from '../../escape-bytes.js';
import {scanSteps} from '../../keys/scan.js';
import {listOf, numberOf, type Sender, textOf} from '../../sender.js';
import type {ReportColumn, ServerReport} from './report.js';

const columns: readonly ReportColumn[] = [
	{title: 'KEY', width: 30, grows: true, priority: 0},
	{title: 'LFU COUNTER', width: 11, align: 'right', priority: 0},
];

/** Keys that are asked for their counters. Each is a lookup, which the application's own graphs of hits show as well. */
const sampledKeys = 500;

/** Keys that are listed. */
const listedKeys = 50;

/** Keys visited by one step of the scan. */
const stepKeys = 100;

/** The keys that are read and written most, from a sample, where the server counts that: with an LFU policy. */
export async function hotKeysReport(sender: Sender): Promise<ServerReport> {
	const [, policy] = listOf(await sender.send('CONFIG', ['GET', 'maxmemory-policy']));
	if (!textOf(policy).endsWith('lfu')) {
		return {
			columns,
			rows: [],
			notes: [
				`The server does not count how often a key is used: its policy is ${textOf(policy)}, and only allkeys-lfu and volatile-lfu do`,
			],
		};
	}
	const total = numberOf(await sender.send('DBSIZE', [])) ?? 0;
	const found: {readonly key: Buffer; readonly counter: number}[] = [];
	for await (const {keys} of scanSteps(sender, {count: stepKeys})) {
		const asked = keys.slice(0, sampledKeys - found.length);
		const counters = await Promise.all(asked.map((key) => sender.send('OBJECT', ['FREQ', key]).catch(() => undefined)));
		for (const [index, reply] of counters.entries()) {
			const [counter, key] = [numberOf(reply), asked[index]];
			if (counter !== undefined && key) found.push({key, counter});
		}
		if (found.length >= sampledKeys) break;
	}
	const hottest = found.sort((a, b) => b.counter - a.counter).slice(0, listedKeys);
	return {
		columns,
		rows: hottest.map(({key, counter}) => ({cells: [printKey(key), String(counter)], level: 'plain'})),
		notes: [
			`A sample of ${formatPercent(total === 0 ? 1 : Math.min(1, found.length / total))} of all keys; the counter is logarithmic, 0 to 255, and halves with time; OBJECT FREQ`,
		],
	};
}
