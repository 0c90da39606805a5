import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {guide, readme, root} from './support/pages.js';

/** Ten minutes of reading. */
const maxBytes = 12 * 1024;

it('the README is read in ten minutes, and so is each page of the guide', () => {
	const sizes = [readme, ...guide].map(({path, text}) => ({path, bytes: Buffer.byteLength(text)}));
	expect(sizes.filter(({bytes}) => bytes > maxBytes)).toEqual([]);
});

it('the README begins with a picture, and with the command for an application', () => {
	const start = readme.text.slice(0, 1200);
	expect(start).toContain('](media/tap.png)');
	expect(start).toContain('npx redis-cache-tui tap --url');
	expect(readme.text).toContain('npm install && npm start\nnpm install && npm test\n');
});

it('the figures of the comparison are the sums of the tables in the benchmarks', () => {
	const names: Readonly<Record<string, string>> = {
		'bentocache, against outages': 'bentocache-resilient',
		'cacheable, non-blocking': 'cacheable-non-blocking',
	};
	const [, section = ''] = readme.text.split('## Compared');
	const rows = [...section.matchAll(/^\| ([\w, -]+) \| (\d+) \| (\d+) \| (\d+) of (\d+) \|$/gm)].map(
		([, name = '', ...rest]) => [names[name] ?? name, ...rest.map(Number)],
	);
	const sums = new Map<string, number[]>();
	const benchmarks = readFileSync(new URL('notes/benchmarks.md', root), 'utf8');
	for (const [, name = '', hung, failed, wrong, old, changed] of benchmarks.matchAll(
		/^\| ([\w-]+) \| (\d+) \| (\d+) \| [^|]+ \| (\d+) \| \d+ \/ (\d+) of (\d+) \| [^|]+ \|$/gm,
	)) {
		const row = [Number(hung) + Number(failed), Number(wrong), Number(old), Number(changed)];
		const sum = sums.get(name) ?? row.map(() => 0);
		sums.set(
			name,
			row.map((value, at) => value + (sum[at] ?? 0)),
		);
	}
	expect(rows.length).toBeGreaterThan(8);
	expect(Object.fromEntries(rows.map(([name, ...values]) => [name, values]))).toEqual(Object.fromEntries(sums));
});
