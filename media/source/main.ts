/*
 * Drives the real program through a story in a pseudo-terminal and draws what a person would see:
 * steady, black hole, fallback, heal; every view; every size. `npm run build && npm run media`.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {openTerminal, type Terminal} from '../../test/support/terminal.js';
import {animatedSvg} from './animation.js';
import {readScreen, type Screen} from './cells.js';
import {writeStill, writeSvg} from './files.js';
import {palettes} from './svg.js';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

function start(columns: number, rows: number, args: readonly string[] = []): Terminal {
	return openTerminal(process.execPath, [program, ...args], {
		columns,
		rows,
		env: {LC_ALL: 'C.UTF-8', REDIS_URL: undefined},
	});
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Looks at the screen once a second until stopped. */
function film(terminal: Terminal, frames: Screen[]): () => void {
	const timer = setInterval(() => frames.push(readScreen(terminal.emulator)), 1000);
	return () => clearInterval(timer);
}

async function breakConnection(terminal: Terminal): Promise<void> {
	await terminal.press('o');
	await terminal.waitFor('Simulate an outage');
	await sleep(700);
	await terminal.press('down', 'down');
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

async function story(): Promise<void> {
	const terminal = start(120, 40);
	try {
		await terminal.waitFor('● connected');
		await sleep(35_000);
		const frames: Screen[] = [];
		const cut = film(terminal, frames);
		const still = (name: string, title: string) =>
			writeStill(name, readScreen(terminal.emulator), palettes.dark, title);
		still('overview', 'The overview while all is well');
		await sleep(3000);
		await breakConnection(terminal);
		await sleep(9000);
		still('outage', 'The overview during a simulated outage: the cache serves from memory, the journal fills');
		await heal(terminal);
		await sleep(8000);
		cut();
		still('recovered', 'The overview after the outage: reconciled, connected, no wrong read');
		writeSvg('story', animatedSvg(frames, 0.6, palettes.dark, 'An outage and the recovery from it'));
		say('views');
		await terminal.press('2');
		await terminal.waitFor(/\d+ (so far|listed)/);
		await terminal.press('down', 'down', 'space', 'space', 'enter');
		await terminal.waitFor('"key"');
		still('keys', 'The keys view, with a value open');
		await terminal.press('esc', '3');
		terminal.write(':checkout hold 10 for 6s\r');
		await terminal.waitFor(/Waiting/);
		await sleep(300);
		still('pool', 'The pool view, with callers that wait for a checkout');
		await terminal.press('4');
		await terminal.waitFor('redis_version');
		still('server', 'The server view');
		await terminal.press('5', 'tab');
		await terminal.waitFor('black-hole');
		await terminal.press('down', 'enter');
		await terminal.waitFor(/running +[6-9] s of/);
		still('faults', 'The faults view while a drill runs');
		await terminal.waitFor(/(passed|failed) +\d/, 60_000);
		await terminal.press('6');
		await sleep(600);
		still('log', 'The log view');
		await terminal.press('1', 'o', 'down', 'down', 'down', 'down', 'down');
		await sleep(600);
		still('outage-menu', 'The outage menu');
		await terminal.press('esc');
		await terminal.waitFor((screen) => !screen.includes('Simulate an outage'));
		await terminal.press(':', 'o', 'u', 'tab', 'l');
		await sleep(600);
		still('palette', 'The command palette');
		await terminal.press('esc');
		await terminal.waitFor((screen) => !screen.includes('▸ Command'));
		await terminal.press('tab', 'tab', 'i');
		await sleep(600);
		still('explain', 'A panel that is explained');
		await terminal.press('esc');
		await sleep(300);
		await terminal.press('q');
		await terminal.exited;
	} finally {
		await terminal.close();
	}
}

/** One size and one look, in the middle of an outage. */
async function size(name: string, columns: number, rows: number, theme: string): Promise<void> {
	const terminal = start(columns, rows, ['--theme', theme]);
	try {
		await terminal.waitFor('connected');
		await sleep(20_000);
		await terminal.press('o', 'down', 'down', 'enter');
		await terminal.waitFor('fallback');
		await sleep(8000);
		const palette = theme === 'light' ? palettes.light : palettes.dark;
		writeStill(name, readScreen(terminal.emulator), palette, `The overview at ${columns}×${rows}, theme ${theme}`);
		await terminal.press('q');
		await terminal.exited;
	} finally {
		await terminal.close();
	}
}

say('story');
await story();
for (const [name, columns, rows, theme] of [
	['size-60x16', 60, 16, 'default'],
	['size-80x24', 80, 24, 'default'],
	['size-200x60', 200, 60, 'default'],
	['theme-light', 120, 40, 'light'],
	['theme-colour-blind', 120, 40, 'colour-blind'],
	['theme-mono', 120, 40, 'mono'],
] as const) {
	say(name);
	await size(name, columns, rows, theme);
}
