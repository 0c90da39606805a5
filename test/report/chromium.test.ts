import {execFile, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {htmlReportOfAll} from '../../source/report/html-report.js';
import {tapPage} from '../../source/report/tap/tap-page.js';
import {failed, finding, passed, probe, probeRecording, recording, wire} from './drill-fixtures.js';
import {tapResult} from './tap-fixtures.js';

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
	(name) => spawnSync(name, ['--version'], {stdio: 'ignore'}).status === 0,
);
if (browser === undefined) process.stderr.write('test/report/chromium.test.ts is SKIPPED: no chromium on PATH\n');

const drillPage = htmlReportOfAll([
	{report: passed, recording},
	{
		report: {...failed, drill: `a-${'very-'.repeat(12)}long-name`, probes: [probe], wire, findings: [finding]},
		recording: {...recording, probes: [probeRecording]},
	},
]);

const longName = `${'tenant:shop:session:'.repeat(6)}*`;
const {application} = tapResult;

const tappedPage = tapPage({
	...tapResult,
	application: {
		...application,
		findings: [{...finding, keys: [longName]}],
		patterns: [...application.patterns, {...firstOf(application.patterns), pattern: longName}],
		hotKeys: [{key: longName, reads: 2400, share: 0.1}],
	},
	drill: {report: {...passed, application: '127.0.0.1:6380', probes: [probe], wire}, recording},
});

function firstOf<Item>([first]: readonly Item[]): Item {
	if (first === undefined) throw new Error('the list is empty');
	return first;
}

/** Each page, its fewest charts, and the fewest and the most sheets of paper that it takes. */
const pages = [
	{name: 'drills', page: drillPage, charts: 15, sheets: [3, 8]},
	{name: 'a tap', page: tappedPage, charts: 8, sheets: [2, 9]},
] as const;

/** A page around a report at several widths, which measures it and writes the figures into its title. */
const around = (page: string): string => `<!doctype html><meta charset="utf-8"><title>not measured</title><script>
addEventListener('load', () => {
	const frames = [...document.querySelectorAll('iframe')].map(({contentDocument, contentWindow, width}) => {
		const root = contentDocument.documentElement;
		const plots = [...contentDocument.querySelectorAll('.plot')].map((plot) => plot.getBoundingClientRect());
		const text = [...contentDocument.querySelectorAll('.plot text')].map((each) => each.getBoundingClientRect());
		return {
			width: Number(width),
			scrollWidth: root.scrollWidth,
			plots: plots.length,
			narrowest: Math.min(...plots.map((box) => box.width)),
			lowest: Math.min(...plots.map((box) => box.height)),
			outside: text.filter((box) => box.left < -1 || box.right > root.clientWidth + 1).length,
			background: contentWindow.getComputedStyle(contentDocument.body).backgroundColor,
		};
	});
	document.title = JSON.stringify(frames);
});
</script>${[
	{scheme: 'light', width: 375},
	{scheme: 'dark', width: 375},
	{scheme: 'light', width: 1280},
	{scheme: 'dark', width: 1280},
]
	.map(
		({scheme, width}) =>
			`<iframe width="${width}" height="900" style="color-scheme:${scheme};border:0" srcdoc="${page.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`,
	)
	.join('\n')}`;

describe.skipIf(browser === undefined)('the HTML report in a real browser', () => {
	let folder: string;

	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
		for (const {name, page} of pages) {
			writeFileSync(join(folder, `around ${name}.html`), around(page));
			writeFileSync(join(folder, `${name}.html`), page);
		}
	});

	afterAll(() => rmSync(folder, {recursive: true, force: true, maxRetries: 5}));

	const run = async (...args: string[]) => {
		const options = [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--hide-scrollbars',
			`--user-data-dir=${join(folder, 'profile')}`,
		];
		return (await promisify(execFile)(browser ?? '', [...options, ...args], {maxBuffer: 64e6})).stdout;
	};

	it.each(pages)('of $name fits a phone and a desk, in light and dark', async ({name, charts}) => {
		const document = await run('--dump-dom', `file://${join(folder, `around ${name}.html`)}`);
		const frames = JSON.parse(/<title>(.*?)<\/title>/.exec(document)?.[1]?.replaceAll('&amp;', '&') ?? '[]');
		expect(frames.map(({width, background}: {width: number; background: string}) => [width, background])).toEqual([
			[375, 'rgb(255, 255, 255)'],
			[375, 'rgb(20, 24, 28)'],
			[1280, 'rgb(255, 255, 255)'],
			[1280, 'rgb(20, 24, 28)'],
		]);
		for (const {width, scrollWidth, plots, narrowest, lowest, outside} of frames) {
			// Charts are as wide as the page, and nothing makes it wider.
			expect(scrollWidth).toBe(width);
			expect(plots).toBeGreaterThan(charts);
			expect(narrowest).toBeGreaterThan(Math.min(width, 992) - 60);
			expect(lowest).toBeGreaterThanOrEqual(16);
			expect(outside).toBe(0);
		}
	});

	it.each(pages)('of $name can be printed', async ({name, sheets: [fewest, most]}) => {
		const file = join(folder, `${name}.pdf`);
		await run(`--print-to-pdf=${file}`, '--no-pdf-header-footer', `file://${join(folder, `${name}.html`)}`);
		const pdf = readFileSync(file, 'latin1');
		expect(pdf.startsWith('%PDF-')).toBe(true);
		// Not one chart a page.
		const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
		expect(sheets).toBeGreaterThanOrEqual(fewest);
		expect(sheets).toBeLessThanOrEqual(most);
		// A4 in points.
		expect(pdf).toMatch(/\/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]/);
	});
});
