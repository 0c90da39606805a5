/*
 * Drives the real program through a story in a pseudo-terminal and draws what a person would see:
 * steady, black hole, fallback, heal; every view; every size; every theme; and the page of a drill. Draws the charts of
 * `notes/benchmarks.md`, too.
 * `npm run build && npm run media`.
 *
 * `npm run media -- 1` runs one program at a time (default 2), for a machine that is busy otherwise; words after it are
 * names of the pictures' groups that are wanted: `npm run media -- 2 story views`.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import type {Terminal} from '../../test/support/terminal.js';
import {animatedSvg} from './animation.js';
import {readScreen, type Screen} from './cells.js';
import {drawCharts} from './charts/charts.js';
import {writeStill, writeSvg} from './files.js';
import {report} from './report.js';
import {inTerminal, runTasks, type Session, type Task} from './sessions.js';
import {openShop} from './shop.js';
import {palettes} from './svg.js';

const large: Session = {columns: 120, rows: 40};

/** Long enough for charts that show something. */
const warmUpMs = 25_000;
const outageMs = 8000;

/** A still of a healthy program in which Redis looked away, as it does when the machine is too busy, is not worth showing. */
async function steady(terminal: Terminal, ms: number): Promise<void> {
	await terminal.waitFor('● connected');
	await sleep(ms);
	await terminal.waitFor('● connected');
}

async function breakConnection(terminal: Terminal): Promise<void> {
	await terminal.press('o');
	await terminal.waitFor('Simulate an outage');
	await sleep(700);
	await terminal.press('down', 'down');
	await terminal.waitFor('▸ blackhole');
	await sleep(700);
	await terminal.press('enter');
	await terminal.waitFor('▲ fallback');
}

async function heal(terminal: Terminal): Promise<void> {
	await terminal.press('o');
	await terminal.waitFor('lift blackhole');
	await sleep(700);
	await terminal.press('enter');
	await terminal.waitFor((screen) => screen.includes('● connected') && !screen.includes('SIMULATED'));
}

/** Presses Esc and waits until what it closes is gone: followed by another key at once, it would be something else. */
async function leave(terminal: Terminal, gone: string): Promise<void> {
	await terminal.press('esc');
	await terminal.waitFor((screen) => !screen.includes(gone));
}

const stillOf = (terminal: Terminal) => async (name: string, title: string) => {
	await sleep(400);
	writeStill(name, readScreen(terminal.emulator), palettes.dark, title);
};

/** An outage from its beginning to its end, as stills and as an animation with a frame for each second. */
const story = () =>
	inTerminal(large, async (terminal) => {
		const still = stillOf(terminal);
		await steady(terminal, warmUpMs);
		const frames: Screen[] = [];
		const camera = setInterval(() => frames.push(readScreen(terminal.emulator)), 1000);
		try {
			await still('overview', 'The overview while all is well');
			await sleep(3000);
			await breakConnection(terminal);
			await sleep(outageMs);
			await still('outage', 'The overview during a simulated outage: the cache serves from memory, the journal fills');
			await heal(terminal);
			await sleep(outageMs);
			await still('recovered', 'The overview after the outage: reconciled, connected, no wrong read');
		} finally {
			clearInterval(camera);
		}
		writeSvg('story', animatedSvg(frames, 0.6, palettes.dark, 'An outage and the recovery from it'));
	});

const views = () =>
	inTerminal(large, async (terminal) => {
		const still = stillOf(terminal);
		await steady(terminal, warmUpMs / 2);
		await terminal.press('2');
		await terminal.waitFor(/\d+ loaded/);
		await terminal.press('down', 'down', 'space', 'space', 'enter');
		await terminal.waitFor(/version +\d{16}/);
		await still('keys', 'The keys view, with an entry of the cache open');
		await leave(terminal, '"key"');
		await leave(terminal, '2 marked');
		await terminal.press('t');
		await terminal.waitFor(/rct: +[\d,]+ keys/);
		await terminal.press('enter');
		await terminal.waitFor('default:');
		await terminal.press('down', 'enter');
		await terminal.waitFor('item:');
		await still('tree', 'The keys view as a tree of prefixes');
		await terminal.press('3');
		terminal.write(':checkout hold 10 for 6s\r');
		await terminal.waitFor(/Waiting/);
		await still('pool', 'The pool view, with callers that wait for a checkout');
		await terminal.press('4');
		await terminal.waitFor('redis_version');
		await still('server', 'The server view');
		await terminal.press('5', 'tab');
		await terminal.waitFor('black-hole');
		await terminal.press('down', 'enter');
		await terminal.waitFor(/running .*[6-9] s of/);
		await still('faults', 'The faults view while a drill runs');
		await terminal.waitFor(/(passed|failed) +\d/, 60_000);
		await terminal.press('6');
		await terminal.waitFor('following');
		await still('log', 'The log view');
		await terminal.press('1', 'o', 'down', 'down', 'down', 'down', 'down');
		await terminal.waitFor('▸ latency');
		await still('outage-menu', 'The outage menu');
		await leave(terminal, 'Simulate an outage');
		await terminal.press(':', 'o', 'u', 'tab', 'l');
		await terminal.waitFor(': outage l');
		await still('palette', 'The command palette');
		await leave(terminal, '▸ Command');
		await terminal.press('?');
		await terminal.waitFor('Keys everywhere');
		await still('help', 'The help, which can be searched');
		await leave(terminal, 'Keys everywhere');
		await terminal.press('tab', 'tab', 'i');
		await terminal.waitFor('What is normal');
		await still('explain', 'A panel that is explained');
		await leave(terminal, 'What is normal');
	});

/** The port of the tap, where a shop connects. */
const tapPort = 6380;

/** An application behind the tap: what is wrong with it, and what it does in an outage. */
const tap = () =>
	inTerminal(
		{...large, words: ['tap', '--listen', `127.0.0.1:${tapPort}`], ready: 'point your application'},
		async (terminal) => {
			const still = stillOf(terminal);
			const closeShop = openShop(tapPort);
			try {
				await sleep(2 * warmUpMs);
				await still('tap', 'The overview of an application behind the tap, with its findings');
				await terminal.press('7', 'down');
				await terminal.waitFor('What to do');
				await still('findings', 'A finding with its evidence, the reason and advice');
				await terminal.press('1', 'o', 'down', 'down', 'enter');
				await terminal.waitFor('SIMULATED OUTAGE');
				await sleep(outageMs);
				await still('tap-outage', 'The connections of the application in an outage');
				await terminal.press('3');
				await terminal.waitFor('waits now');
				await still('tap-pool', 'The connections of the application, those that wait longest first');
			} finally {
				closeShop();
			}
		},
	);

/** One size and one look, in the middle of an outage. */
const size = (name: string, session: Session) => () =>
	inTerminal(session, async (terminal) => {
		await steady(terminal, warmUpMs / 2);
		await breakConnection(terminal);
		await sleep(outageMs);
		const {columns, rows, theme = 'default'} = session;
		const palette = theme === 'light' ? palettes.light : palettes.dark;
		writeStill(name, readScreen(terminal.emulator), palette, `The overview at ${columns}×${rows}, theme ${theme}`);
	});

const charts = async (): Promise<void> => {
	for (const {name, svg} of drawCharts()) writeSvg(`charts/${name}`, svg);
};

const tasks: readonly Task[] = [
	{name: 'story', run: story},
	{name: 'views', run: views},
	{name: 'report', run: report},
	{name: 'tap', run: tap},
	{name: 'charts', run: charts},
	...(
		[
			['size-60x16', {columns: 60, rows: 16}],
			['size-80x24', {columns: 80, rows: 24}],
			['size-200x60', {columns: 200, rows: 60}],
			['theme-light', {...large, theme: 'light'}],
			['theme-colour-blind', {...large, theme: 'colour-blind'}],
			['theme-mono', {...large, theme: 'mono'}],
		] as const
	).map(([name, session]) => ({name, run: size(name, session)})),
];

const [jobs = '2', ...wanted] = process.argv.slice(2);
await runTasks(
	tasks.filter(({name}) => wanted.length === 0 || wanted.includes(name)),
	Math.max(1, Number(jobs) || 1),
);
