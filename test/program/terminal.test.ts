import {describe, expect, type TestContext, test} from 'vitest';
import {programPath} from '../support/program.js';
import {openTerminal, type Terminal, type TerminalOptions} from '../support/terminal.js';
import {until} from '../support/until.js';

// Behavior that only a real terminal shows of the screen. The tests wait most of their time, so they run side by side.

/** Opens the program in a terminal that is closed when the test is over. Tests of this file run concurrently. */
function start(
	{onTestFinished}: Pick<TestContext, 'onTestFinished'>,
	options: TerminalOptions = {},
	nodeArgs: readonly string[] = [],
	args: readonly string[] = [],
): Terminal {
	// Less traffic than by default leaves the processor to the other tests.
	const flags = args.includes('--rate') ? args : ['--rate', '200', ...args];
	const terminal = openTerminal(process.execPath, [...nodeArgs, programPath, ...flags], {
		columns: 120,
		rows: 40,
		...options,
		env: {LC_ALL: 'C.UTF-8', REDIS_URL: undefined, ...options.env},
	});
	onTestFinished(() => terminal.close());
	return terminal;
}

const count = (text: string, part: string) => text.split(part).length - 1;

/** Each frame ends with it. */
const endOfFrame = '\u001B[?2026l';

const framesOf = ({output}: Terminal) => count(output, endOfFrame);

describe.concurrent('the screen', () => {
	test('is whole at every size while it is resized, and is cleared once for each that shrinks it', async (context) => {
		const terminal = start(context, {columns: 80, rows: 24});
		await terminal.waitFor('connected');
		for (const [columns, rows] of [
			[120, 40],
			[60, 16],
			[59, 15],
			[200, 60],
			[80, 24],
		] as const) {
			terminal.resize(columns, rows);
			await terminal.waitFor((screen) => {
				const lines = screen.split('\n');
				if (columns < 60) return lines[1] === `needs 60x16, has ${columns}x${rows}`;
				const headers = lines.filter((line) => / 1 Overview .* 7 .*\bhit +\S+/.test(line)).length;
				return headers === 1 && (lines[1] ?? '').includes('Overview') && (lines.at(-1) ?? '').includes('outage');
			});
		}
		expect(count(terminal.output, '\u001B[2J')).toBeLessThanOrEqual(1);
		expect(count(terminal.output, '\u001B[?1049h')).toBe(1);
	});

	test.for([
		[60, 16],
		[80, 24],
		[120, 40],
		[200, 60],
	] as const)('summarizes an outage from its start to its end at %i×%i', async ([columns, rows], context) => {
		const terminal = start(context, {columns, rows}, [], ['--rate', '200']);
		// A busy machine may look like an outage before there is one.
		await terminal.waitFor(/● connected +([3-9] s|\d\d s|\dm)/);
		await terminal.press('o');
		await terminal.waitFor('Simulate an outage');
		await terminal.press('down', 'down');
		await terminal.waitFor('▸ blackhole');
		await terminal.press('enter');
		await terminal.waitFor('▲ fallback');
		await terminal.waitFor('SIMULATED OUTAGE blackhole');
		await terminal.waitFor(/now +blackhole for ([2-9]|\d\d) s, (fell back in|fallback|in fallback before)/);
		// On the time line as blocks, and in words where there is room.
		await terminal.waitFor(/mode .*█/);
		await terminal.press('o');
		await terminal.waitFor('lift blackhole');
		await terminal.press('enter');
		await terminal.waitFor((screen) => screen.includes('● connected') && !screen.includes('SIMULATED'));
		// Unless the machine is so busy that Redis seems unreachable again: then that is the latest.
		await terminal.waitFor(
			/(latest|last) +(blackhole \d+ s, (fell back in [\d.]+ m?s|fallback [\d.]+ m?s|in fallback before), (recovered in|recovered at once|recovery)|Redis was unreachable for)/,
		);
		await terminal.waitFor(/(wrong reads +0|none in)/);
	});

	test('hears keys from its first frame on, in one piece or one by one, and does not echo them', async (context) => {
		const terminal = start(context);
		await terminal.waitFor(/starting|connected|recovering|fallback/);
		terminal.write(':set greeting hello\r');
		await terminal.waitFor('✓ set in');
		await terminal.press(':', 'v', 'i', 'tab', 'l', 'o', 'tab', 'enter');
		await terminal.waitFor('following');
		expect(terminal.rows()[0]).toMatch(/redis-server|built-in server/);
		expect(terminal.rows()[1]).toContain('6 Log');
	});

	test('takes a paste as text, and Backspace, Delete, Home and Ctrl-W as a shell does', async (context) => {
		const terminal = start(context);
		await terminal.waitFor('connected');
		await terminal.press(':');
		terminal.paste('get über\n日本 x');
		await terminal.waitFor(': get über 日本 x');
		await terminal.press('backspace', 'backspace', 'backspace', 'home', 'delete', 'delete');
		await terminal.waitFor(': t über 日');
		await terminal.press('end', 'ctrl+w');
		await terminal.waitFor((screen) => screen.includes(': t über') && !screen.includes('日'));
		await terminal.press('ctrl+u');
		await terminal.waitFor('Tab completes');
	});

	test('writes less than 4 KB a frame, and nothing while it is paused', async (context) => {
		const terminal = start(context, {}, [], ['--fps', '4']);
		await terminal.waitFor(/● connected +[2-9] s/);
		const frames = framesOf(terminal);
		const bytes = terminal.bytes;
		await terminal.waitFor(() => framesOf(terminal) >= frames + 16);
		expect((terminal.bytes - bytes) / 16).toBeLessThan(4096);
		await terminal.press('p');
		await terminal.waitFor('PAUSED');
		await until(async () => {
			// The rest of the frame that says so may still be on its way.
			const before = terminal.bytes;
			await new Promise((resolve) => setTimeout(resolve, 1100));
			return terminal.bytes === before;
		}, 'not a byte is written for more than a second');
	});

	test('is ASCII where the locale is not UTF-8, and has no colors with NO_COLOR', async (context) => {
		const terminal = start(context, {columns: 80, rows: 24, env: {LC_ALL: 'C', NO_COLOR: '1'}});
		await terminal.waitFor('o connected');
		expect(terminal.screen()).toMatch(/^[ -~\n]*$/);
		const colors = terminal.output.match(new RegExp(`${'\u001B'}\\[(3[0-7]|4[0-7]|9[0-7]|10[0-7])m`, 'g'));
		expect(colors).toBeNull();
	});

	test('is drawn with the glyphs that were asked for, whatever the locale', async (context) => {
		const terminal = start(context, {env: {LC_ALL: 'C'}}, [], ['--glyphs', 'unicode']);
		await terminal.waitFor('● connected');
	});

	test('is plain sentences for a screen reader', async (context) => {
		const terminal = start(context, {env: {INK_SCREEN_READER: 'true'}});
		await terminal.waitFor('Mode: connected.');
		expect(terminal.alternate).toBe(false);
		expect(terminal.screen()).not.toMatch(/[─│╭┃█]/);
		await terminal.press('2');
		// So soon after the start there may be no keys yet, and the first one may be the mark of the namespace.
		await until(
			async () => {
				await terminal.press('r');
				return /Key 1 of [\d,]+: rct:default:\S+, string, expires in/.test(terminal.screen());
			},
			'the keys of the workload are listed',
			{everyMs: 500},
		);
		await terminal.press('3');
		await terminal.waitFor(/Lane 0: ready, \d+ in flight/);
		await terminal.press('i');
		await terminal.waitFor('What is normal');
		await terminal.press('esc');
		await terminal.press('1', 'o');
		await terminal.waitFor('Outage menu. Enter runs: outage refuse');
		await terminal.press('esc', 'q');
		expect((await terminal.exited).exitCode).toBe(0);
	});

	test('is restored after an error that nobody caught, which is shown in one line', async (context) => {
		// Loaded before the program, and triggered once the screen is there.
		const bomb = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("boom")})';
		const terminal = start(context, {columns: 100, rows: 30}, ['--import', bomb]);
		await terminal.waitFor('connected');
		process.kill(terminal.pid, 'SIGUSR2');
		expect((await terminal.exited).exitCode).toBe(1);
		await terminal.waitFor('boom');
		expect(terminal.alternate).toBe(false);
		expect(terminal.output.lastIndexOf('\u001B[?25h')).toBeGreaterThan(terminal.output.lastIndexOf('\u001B[?25l'));
		expect(terminal.screen()).not.toMatch(/\n\s+at /);
	});
});
