import {fileURLToPath} from 'node:url';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {openTerminal, type Terminal, type TerminalOptions} from '../support/terminal.js';
import {until} from '../support/until.js';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
// A loaded machine may need many times what an idle one does.
vi.setConfig({testTimeout: 90_000});

const open: Terminal[] = [];
afterEach(async () => {
	for (const terminal of open.splice(0)) await terminal.close();
});

function start(options: TerminalOptions = {}, args: readonly string[] = []): Terminal {
	const terminal = openTerminal(process.execPath, [program, ...args], {
		columns: 120,
		rows: 40,
		...options,
		env: {LANG: 'C.UTF-8', REDIS_URL: undefined, ...options.env},
	});
	open.push(terminal);
	return terminal;
}

const isAlive = (pid: number) => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

/** What must be true of any terminal once the program is gone. */
function expectRestored(terminal: Terminal): void {
	expect(terminal.alternate).toBe(false);
	expect(terminal.output.lastIndexOf('\u001B[?25h')).toBeGreaterThan(terminal.output.lastIndexOf('\u001B[?25l'));
	expect(terminal.output.lastIndexOf('\u001B[?2004l')).toBeGreaterThan(terminal.output.lastIndexOf('\u001B[?2004h'));
}

describe('the dashboard in a terminal', () => {
	test('shows an outage and the recovery from it, started and healed with keys', async () => {
		const terminal = start();
		await terminal.waitFor('● connected');
		expect(terminal.alternate).toBe(true);
		await terminal.waitFor(/memory +\d+ %/);
		await terminal.press('o');
		await terminal.waitFor('Simulate an outage');
		await terminal.press('j', 'j', 'enter');
		await terminal.waitFor('SIMULATED OUTAGE blackhole');
		await terminal.waitFor('▲ fallback');
		await terminal.waitFor('0/4 ready');
		await terminal.waitFor(/journal +\S+ +[1-9]\d* \/ /);
		await terminal.press('o');
		await terminal.waitFor('lift blackhole');
		await terminal.press('enter');
		await terminal.waitFor((screen) => screen.includes('● connected') && !screen.includes('SIMULATED'));
		await terminal.waitFor(/reconciled [1-9]/);
		await terminal.waitFor(/wrong reads +0/);
		await terminal.press('q');
		expect(await terminal.exited).toEqual({exitCode: 0, signal: undefined});
		expectRestored(terminal);
	});

	test('runs commands from the palette, typed at once, pasted, and completed with Tab', async () => {
		const terminal = start();
		await terminal.waitFor('● connected');
		terminal.write(':set greeting hello\r');
		await terminal.waitFor('✓ set in');
		await terminal.press(':', 'g', 'e', 't', 'space', 'g', 'r', 'e', 'e');
		await terminal.waitFor(/greeting +key/);
		await terminal.press('tab', 'enter');
		await terminal.waitFor(/┃ "?hello[\s\S]*fresh/);
		await terminal.press('esc');
		await terminal.press(':');
		terminal.paste('get gree\nting');
		await terminal.waitFor(': get gree ting');
		await terminal.press('ctrl+w', 'ctrl+w', 'backspace');
		await terminal.waitFor(/: get {3}/);
		await terminal.press('esc');
		terminal.write('jjj');
		await terminal.press('q');
		expect((await terminal.exited).exitCode).toBe(0);
	});

	test('is drawn anew at every size while it runs', async () => {
		const terminal = start({columns: 80, rows: 24});
		await terminal.waitFor('● connected');
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
				const headers = lines.filter((line) => line.includes('connected') && line.includes('redis-server')).length;
				return headers <= 1 && (lines[0] ?? '').includes('connected') && (lines.at(-1) ?? '').includes('outage');
			});
		}
		await terminal.press('q');
		expect((await terminal.exited).exitCode).toBe(0);
	});

	test('writes nothing while paused', async () => {
		const terminal = start();
		await terminal.waitFor('● connected');
		await terminal.press('p');
		await terminal.waitFor('PAUSED');
		await new Promise((resolve) => setTimeout(resolve, 200));
		const before = terminal.bytes;
		await new Promise((resolve) => setTimeout(resolve, 1500));
		expect(terminal.bytes).toBe(before);
		await terminal.press('p');
		await terminal.waitFor((screen) => !screen.includes('PAUSED'));
	});

	test('goes to every view with a digit', async () => {
		const terminal = start({columns: 80, rows: 24});
		await terminal.waitFor('● connected');
		for (const [key, wanted] of [
			['2', /rct:default:/],
			['3', /Pool: 4 lanes/],
			['4', /redis_version/],
			['5', /blackhole +a firewall drops/],
			['6', /following/],
			['1', /Hit ratio/],
		] as const) {
			await terminal.press(key);
			await terminal.waitFor(wanted);
		}
	});

	test('is suspended with Ctrl-Z in a shell, and is back with fg', async () => {
		const terminal = openTerminal('bash', ['--norc', '--noprofile', '-i'], {
			columns: 100,
			rows: 30,
			env: {LANG: 'C.UTF-8', REDIS_URL: undefined, PS1: 'shell> '},
		});
		open.push(terminal);
		await terminal.waitFor('shell>');
		terminal.write(`'${process.execPath}' '${program}'\r`);
		await terminal.waitFor('● connected');
		await terminal.press('ctrl+z');
		await terminal.waitFor(/Stopped/);
		expect(terminal.alternate).toBe(false);
		terminal.write('echo typed-$((6*7))\r');
		await terminal.waitFor('typed-42');
		terminal.write('fg\r');
		await terminal.waitFor((screen) => terminal.alternate && screen.includes('● connected'));
		await terminal.press('3');
		await terminal.waitFor('Pool: 4 lanes');
		await terminal.press('q');
		await terminal.waitFor((screen) => !terminal.alternate && screen.includes('shell>'));
		terminal.write('exit\r');
	});
});

describe('the terminal is given back', () => {
	for (const [how, exitCode] of [
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)
		test(`after ${how}, and no child is left`, async () => {
			const terminal = start();
			await terminal.waitFor('● connected');
			const server = await serverPid(terminal);
			terminal.kill(how);
			expect((await terminal.exited).exitCode).toBe(exitCode);
			expectRestored(terminal);
			await until(() => !isAlive(server), `server ${server} to be gone`);
		});

	for (const key of ['q', 'ctrl+c'])
		test(`after ${key}, with exit code 0`, async () => {
			const terminal = start();
			await terminal.waitFor('● connected');
			await terminal.press(key);
			expect(await terminal.exited).toEqual({exitCode: 0, signal: undefined});
			expectRestored(terminal);
		});

	test('after an error that nobody caught, with one line that says so', async () => {
		// Loaded before the program, and lit once the screen is there.
		const bomb = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("boom")})';
		const terminal = openTerminal(process.execPath, ['--import', bomb, program], {
			columns: 100,
			rows: 30,
			env: {LANG: 'C.UTF-8', REDIS_URL: undefined},
		});
		open.push(terminal);
		await terminal.waitFor('● connected');
		process.kill(terminal.pid, 'SIGUSR2');
		expect((await terminal.exited).exitCode).toBe(1);
		expectRestored(terminal);
		await terminal.waitFor('boom');
		expect(terminal.screen()).not.toMatch(/\n\s+at /);
	});
});

/** The process of the private server, as the server view shows it. */
async function serverPid(terminal: Terminal): Promise<number> {
	await terminal.press('4');
	await terminal.waitFor(/process_id +\d+/);
	return Number(/process_id +(\d+)/.exec(terminal.screen())?.[1]);
}
