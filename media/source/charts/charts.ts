import {readFileSync} from 'node:fs';
import {lineChart} from './line-chart.js';
import {type Inks, inks} from './paper.js';
import {ratioChart} from './ratio-chart.js';
import {type FigureTable, readTable} from './read-table.js';

type Draw = (table: FigureTable, inks: Inks) => string;

const ratio =
	(title: string): Draw =>
	(table, colors) =>
		ratioChart(title, table, colors);

const overProcesses =
	(title: string): Draw =>
	(table, colors) =>
		lineChart(title, {across: 'processes', up: 'µs of Redis for a call'}, table, colors);

/** By the name in the comment above the table. */
const draws = {
	get: ratio('get of values in Redis: our calls a second as a multiple of those of'),
	set: ratio('set of 100 bytes: our calls a second as a multiple of those of'),
	'cluster-get': ratio('get in a cluster of three masters: our calls a second as a multiple of those of'),
	'cluster-set': ratio('set in a cluster of three masters: our calls a second as a multiple of those of'),
	'fleet-mixed': overProcesses('The cost of a call: nine get and one set'),
	'fleet-misses': overProcesses('The cost of a getOrSet of a missing key'),
} satisfies Readonly<Record<string, Draw>>;

export type Chart = {
	/** `get-dark` */
	readonly name: string;
	readonly svg: string;
};

/** The charts of the tables in `notes/benchmarks.md`, each for dark and for light pages. */
export function drawCharts(): readonly Chart[] {
	const markdown = readFileSync(new URL('../../../notes/benchmarks.md', import.meta.url), 'utf8');
	return Object.entries(draws).flatMap(([name, draw]) => {
		const table = readTable(markdown, name);
		return (['dark', 'light'] as const).map((look) => ({name: `${name}-${look}`, svg: draw(table, inks[look])}));
	});
}
