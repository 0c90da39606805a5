import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {drawCharts} from '../../media/source/charts/charts.js';
import {readTable} from '../../media/source/charts/read-table.js';
import {root} from './support/pages.js';

const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');

it('the charts show the figures of the tables beside them (if not: npm run media -- 1 charts)', () => {
	const page = textOf('notes/benchmarks.md');
	for (const {name, svg} of drawCharts()) {
		expect(textOf(`media/charts/${name}.svg`), name).toBe(svg);
		expect(page).toContain(`../media/charts/${name}.svg`);
	}
});

it('a table that is missing, or has a cell that is no number, is refused', () => {
	const table = '<!-- chart: a -->\n| what | 1 | 10 |\n| --- | ---: | ---: |\n| **ours** | 1,234 | |\n';
	expect(readTable(table, 'a')).toEqual({columns: ['1', '10'], rows: [{name: 'ours', values: [1234, undefined]}]});
	expect(() => readTable(table, 'b')).toThrow('no table below the comment "chart: b"');
	expect(() => readTable(table.replace('1,234', 'much'), 'a')).toThrow('"much" where a number has to be');
});
