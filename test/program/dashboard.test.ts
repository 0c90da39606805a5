import {describe, expect, it, type TestContext} from 'vitest';
import {type Belongings, belongingsOf, leftoversOf} from '../support/leftovers.js';
import {programPath} from '../support/program.js';
import {openTerminal, type Terminal, type TerminalOptions} from '../support/terminal.js';
import {until} from '../support/until.js';

/** Matches while the workload runs, at its rate or as near to it as a busy machine gets. */
const busy = /[1-9]\d\d calls\/s|\d,\d{3} calls\/s/;

type Context = Pick<TestContext, 'onTestFinished'>;

/** Opens the dashboard in a terminal that is closed when the test is over. Tests of this file run concurrently. */
async function open(
	{onTestFinished}: Context,
	args: readonly string[] = [],
	options: TerminalOptions = {},
): Promise<Terminal> {
	const env = {REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8', ...options.env};
	// Less traffic than by default leaves the processor to the other tests.
	const flags = args.includes('--rate') ? args : ['--rate', '200', ...args];
	const terminal = openTerminal(process.execPath, [programPath, ...flags], {columns: 120, rows: 40, ...options, env});
	onTestFinished(() => terminal.close());
	// On 80 columns p99 is shown instead of the calls per second.
	await terminal.waitFor(/\d calls\/s|p99 +\d/);
	return terminal;
}

/** Escape is a key of its own only if nothing follows it immediately. */
async function closeOverlay(screen: Terminal, gone: string): Promise<void> {
	await screen.press('esc');
	await screen.waitFor((text) => !text.includes(gone));
}

async function command(screen: Terminal, line: string): Promise<void> {
	await screen.press(':');
	await screen.waitFor('Command');
	screen.write(line);
	await screen.waitFor(line);
	await screen.press('enter');
	await screen.waitFor((text) => !text.includes('▸ Command'));
}

/** Expects a restored terminal and nothing left running. */
async function expectRestored(screen: Terminal, belongings: Belongings): Promise<void> {
	expect(screen.alternate).toBe(false);
	// The cursor is shown, bracketed paste is off.
	expect(screen.output.lastIndexOf('\u001B[?25h')).toBeGreaterThan(screen.output.lastIndexOf('\u001B[?25l'));
	expect(screen.output.lastIndexOf('\u001B[?2004l')).toBeGreaterThanOrEqual(screen.output.lastIndexOf('\u001B[?2004h'));
	await until(() => leftoversOf(belongings).length === 0, `nothing is left of ${JSON.stringify(belongings)}`);
}

describe.concurrent('the dashboard in a terminal', () => {
	it('says in one line without any escape sequence that a dumb terminal cannot show it', async ({onTestFinished}) => {
		const env = {REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8'};
		for (const reader of [undefined, 'true']) {
			// The pseudo-terminal sets a TERM of its own.
			const screen = openTerminal('env', ['TERM=dumb', process.execPath, programPath], {
				columns: 200,
				env: {...env, INK_SCREEN_READER: reader},
			});
			onTestFinished(() => screen.close());
			expect((await screen.exited).exitCode).toBe(2);
			expect(screen.output).toMatch(/^redis-cache-tui: [ -~]*TERM=dumb[ -~]*\r\n$/);
		}
	});

	it('keeps every border in its place beside a value with joined emoji, and leaves nothing of it behind', async (context) => {
		const screen = await open(context);
		await screen.waitFor('● connected');
		const run = async (line: string, ending: string) => {
			await screen.press(':');
			await screen.waitFor('Command');
			// The emulator shows a part of a joined emoji only.
			screen.write(line);
			await screen.waitFor(ending);
			await screen.press('enter');
			await screen.waitFor((text) => !text.includes('▸ Command'));
		};
		await run('redis SET 👩🏽‍💻:family "👩🏽‍💻👨‍👩‍👧‍👦 🇩🇪 and more"', 'and more"');
		await screen.waitFor(/^┃ OK/m);
		await closeOverlay(screen, 'Esc closes');
		await screen.press('2', '/');
		await screen.waitFor('Enter applies');
		screen.write('family');
		await screen.press('enter');
		await screen.waitFor(/1 found/);
		await screen.press('enter');
		await screen.waitFor(/type +string/);
		const isWhole = () =>
			screen
				.rows()
				.slice(2, -1)
				.every((row) => /[│╮╯┃┓┛]$/u.test(row) && !/[│┃].*[│┃].*[│┃].*[│┃].*[│┃]/u.test(row));
		await screen.waitFor(isWhole);
		await closeOverlay(screen, 'Esc closes');
		await run('redis DEL 👩🏽‍💻:family', ':family');
		await screen.waitFor('(integer) 1');
		await closeOverlay(screen, 'Esc closes');
		await screen.press('r');
		await screen.waitFor((text) => text.includes('no key matches') && !/👩|👨|💻/u.test(text) && isWhole());
	});

	it('shows a private Redis under load', async (context) => {
		const screen = await open(context);
		await screen.waitFor('● connected');
		expect(screen.alternate).toBe(true);
		expect(screen.rows()[0]).toMatch(
			/● connected .*(redis-server \d+\.\d+\.\d+ private|built-in server \d\S+) 127\.0\.0\.1:\d+/,
		);
		for (const title of ['Hit ratio', 'Latency', 'Pool', 'Mode', 'Wrong reads', 'Time to live', 'Events']) {
			expect(screen.screen()).toContain(title);
		}
		await screen.waitFor(busy);
		expect(screen.rows().at(-1)).toMatch(/outage.*command.*help.*quit/);
	});

	it('shows an outage, the fallback and the recovery', async (context) => {
		const screen = await open(context);
		await screen.waitFor('● connected');
		await screen.press('o');
		await screen.waitFor('Simulate an outage');
		await screen.press('down', 'down');
		await screen.waitFor(/▸ blackhole/);
		await screen.press('enter');
		await screen.waitFor(/fallback/);
		await screen.waitFor(/journal .* [1-9]\d* \//);
		// The application's calls go on.
		await screen.waitFor(busy);
		await command(screen, 'heal');
		await screen.waitFor(/● connected\s+\d+ s/);
		await screen.waitFor(/journal .* 0 \//);
		expect(screen.screen()).toMatch(/wrong reads\s+0/);
		expect(screen.screen()).toMatch(/failed\s+0/);
	});

	it('runs commands in the palette, with completion and errors', async (context) => {
		const screen = await open(context);
		await screen.waitFor('● connected');
		await screen.press(':');
		await screen.waitFor('Command');
		screen.write('wor');
		await screen.waitFor('workload');
		await screen.press('ctrl+u');
		await closeOverlay(screen, '▸ Command');
		// On a busy machine the cache may be in fallback, and the value gone afterwards: then the test sets it again.
		await until(async () => {
			await command(screen, 'set greeting hello');
			await screen.waitFor(/set in (Redis|memory)/);
			await command(screen, 'get greeting');
			await screen.waitFor(/\(miss\)|from (memory|redis), /);
			return screen.screen().includes('hello');
		}, 'the value that was set is read');
		await screen.press(':');
		await screen.waitFor('Command');
		screen.write('frobnicate');
		await screen.press('enter');
		await screen.waitFor(/unknown command|No command|no command/i);
	});

	it('has searchable help, and a view for each digit', async (context) => {
		const screen = await open(context);
		await screen.press('?');
		await screen.waitFor('Help');
		screen.write('suspend');
		await screen.waitFor((text) => /shell|suspend/i.test(text));
		await closeOverlay(screen, '▸ Help');
		await screen.press('2');
		// Right after the start there may be no keys yet.
		await until(
			async () => {
				await screen.press('r');
				return /rct:default:item:/.test(screen.screen());
			},
			'the keys of the workload are listed',
			{everyMs: 500},
		);
		await screen.press('4');
		await screen.waitFor(/redis_version|7\.0\./);
		await screen.press('5');
		await screen.waitFor(/a firewall drops packets silently/);
		await screen.press('6');
		await screen.waitFor(/working on (redis-server|built-in server)/);
		await screen.press('1');
		await screen.waitFor('Hit ratio');
	});

	it('writes nothing while it is paused', async (context) => {
		const screen = await open(context);
		await screen.waitFor('● connected');
		await screen.press('p');
		await screen.waitFor(/paused/i);
		await until(async () => {
			const before = screen.bytes;
			await new Promise((resolve) => setTimeout(resolve, 1200));
			return screen.bytes === before;
		}, 'not a byte is written in more than a second');
		await screen.press('p');
		await screen.waitFor((text) => !/paused/i.test(text));
	});

	it('fits 80×24, tells the size needed on less, and follows a resize', async (context) => {
		const screen = await open(context, [], {columns: 80, rows: 24});
		// The first figures may be there before the cache is connected.
		await screen.waitFor(() => screen.rows()[0]?.includes('connected') === true);
		expect(screen.rows()).toHaveLength(24);
		expect(screen.rows().at(-1)).toMatch(/quit/);
		screen.resize(50, 10);
		await screen.waitFor(/60.*16/);
		screen.resize(120, 40);
		await screen.waitFor(
			(text) => text.includes('Hit ratio') && text.includes('Time to live') && text.match(/calls\/s/g)?.length === 1,
		);
		screen.resize(50, 10);
		await screen.waitFor(/60.*16/);
		await screen.press('q');
		expect(await screen.exited).toEqual({exitCode: 0, signal: undefined});
	});
});

describe.concurrent('the dashboard restores the terminal and leaves nothing behind', () => {
	it.for([
		['q', 0],
		['ctrl+c', 0],
	] as const)('after %s', async ([key, exitCode], context) => {
		const screen = await open(context);
		const belongings = belongingsOf(screen.pid);
		expect(belongings.pids.length).toBeGreaterThan(0);
		await screen.press(key);
		expect((await screen.exited).exitCode).toBe(exitCode);
		await expectRestored(screen, belongings);
	});

	it.for([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
	] as const)('after %s', async ([signal, exitCode], context) => {
		const screen = await open(context);
		const belongings = belongingsOf(screen.pid);
		screen.kill(signal);
		expect((await screen.exited).exitCode).toBe(exitCode);
		await expectRestored(screen, belongings);
	});

	it('after q during a fault', async (context) => {
		const screen = await open(context);
		const belongings = belongingsOf(screen.pid);
		await command(screen, 'outage pause');
		await screen.waitFor('fallback');
		await screen.press('q');
		expect((await screen.exited).exitCode).toBe(0);
		await expectRestored(screen, belongings);
	});

	it('after SIGKILL, except for the screen', async (context) => {
		const screen = await open(context);
		const belongings = belongingsOf(screen.pid);
		screen.kill('SIGKILL');
		await screen.exited;
		await until(() => leftoversOf(belongings).length === 0, 'nothing is left');
	});

	it('after its private server was killed, which it restarts on demand', async (context) => {
		const screen = await open(context);
		const {pids} = belongingsOf(screen.pid);
		for (const pid of pids.slice(-1)) process.kill(pid, 'SIGKILL');
		await screen.waitFor('fallback');
		await command(screen, 'outage restart');
		await screen.waitFor('● connected');
	});
});

describe('Ctrl-Z in a shell', () => {
	it('suspends the dashboard and restores the terminal; fg resumes it', async (context) => {
		const screen = openTerminal('bash', ['--norc', '-i'], {
			columns: 120,
			rows: 40,
			env: {PS1: 'shell> ', LC_ALL: 'C.UTF-8', REDIS_URL: undefined},
		});
		context.onTestFinished(() => screen.close());
		await screen.waitFor('shell>');
		screen.write(`${process.execPath} ${programPath}\r`);
		await screen.waitFor(/\d calls\/s/);
		await screen.press('ctrl+z');
		await screen.waitFor(/Stopped/);
		expect(screen.alternate).toBe(false);
		screen.write('fg\r');
		await screen.waitFor(/\d calls\/s/);
		expect(screen.alternate).toBe(true);
		await screen.press('q');
		await screen.waitFor((text) => !screen.alternate && text.trimEnd().endsWith('shell>'));
		screen.write('exit\r');
		await screen.exited;
	});
});
