import {formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCount, formatCountOf} from '../../../text/number.js';
import {type Sender, textOf} from '../../sender.js';
import {type Client, groupWord, hostOf, parseClientList} from '../clients/client-list.js';
import {otherDashboardsIn} from '../clients/other-dashboards.js';
import type {ReportColumn, ReportRow, ServerReport} from './report.js';

const columns: readonly ReportColumn[] = [
	{title: 'CLIENT', width: 16, grows: true, priority: 0},
	{title: 'HOST', width: 15, priority: 0},
	{title: 'CONNS', width: 5, align: 'right', priority: 0},
	{title: 'IDLE', width: 11, align: 'right', priority: 2},
	{title: 'MEMORY', width: 8, align: 'right', priority: 3},
	{title: 'UNSENT', width: 8, align: 'right', priority: 4},
	{title: 'LAST COMMAND', width: 14, priority: 1},
	{title: 'STATE', width: 10, priority: 5},
	{title: 'USER', width: 10, priority: 6},
	{title: 'LIBRARY', width: 16, priority: 7},
];

/** Unsent bytes from which on a client reads too slowly. */
const manyUnsent = 1024 * 1024;

const stateWords: Readonly<Record<string, string>> = {
	b: 'blocked',
	P: 'subscribed',
	S: 'replica',
	M: 'master',
	O: 'monitor',
	x: 'in MULTI',
};

function stateOf(group: readonly Client[]): string {
	const found = Object.entries(stateWords).filter(([flag]) => group.some(({flags}) => flags.includes(flag)));
	return found.map(([, words]) => words).join(', ');
}

const sum = (group: readonly Client[], value: (client: Client) => number) =>
	group.reduce((total, client) => total + value(client), 0);

/** The values of a group as text: the first one, and the number of further different ones. */
function oneOf(group: readonly Client[], value: (client: Client) => string): string {
	const [first = '', ...others] = [...new Set(group.map(value))];
	return others.length === 0 ? first : `${first} +${others.length}`;
}

function rowOf(group: readonly [Client, ...Client[]]): ReportRow {
	const [{name, address}] = group;
	const idle = group.map(({idleSeconds}) => idleSeconds * 1000);
	const unsent = sum(group, ({output}) => output);
	const [least, most] = [formatElapsed(Math.min(...idle)), formatElapsed(Math.max(...idle))];
	// The most recently active connection is more informative than one that has been idle for hours.
	const latest = group.reduce((a, b) => (b.idleSeconds < a.idleSeconds ? b : a));
	return {
		cells: [
			name === '' ? '(no name)' : name,
			hostOf(address),
			formatCount(group.length),
			least === most ? least : `${least} - ${most}`,
			formatBytes(sum(group, ({memory}) => memory)),
			formatBytes(unsent),
			latest.command.replace('|', ' ').toUpperCase(),
			stateOf(group),
			oneOf(group, ({user}) => user),
			oneOf(group, ({library}) => library),
		],
		id: `${name}\n${hostOf(address)}`,
		level: unsent >= manyUnsent ? 'warn' : 'plain',
		kill: groupWord(group[0]),
	};
}

/** The connections grouped by name and host, largest groups first. */
export async function clientsReport(sender: Sender): Promise<ServerReport> {
	const list = textOf(await sender.send('CLIENT', ['LIST']));
	const clients = parseClientList(list);
	const others = otherDashboardsIn(list).map(({address}) => address);
	const groups = new Map<string, [Client, ...Client[]]>();
	for (const client of clients) {
		const key = `${client.name}\n${hostOf(client.address)}`;
		const group = groups.get(key);
		if (group) group.push(client);
		else groups.set(key, [client]);
	}
	return {
		columns,
		rows: [...groups.values()].sort((a, b) => b.length - a.length).map(rowOf),
		notes: [
			`${formatCountOf(clients.length, 'connection')} by name and host, without this program; CLIENT LIST`,
			...(others.length === 0
				? []
				: [`Also left out: ${formatCountOf(others.length, 'other dashboard')} (${others.join(', ')})`]),
		],
	};
}
