import {afterEach, describe, expect, it} from 'vitest';
import {type Belongings, belongingsOf, leftoversOf} from '../support/leftovers.js';
import {programPath} from '../support/program.js';
import {openTerminal, type Terminal} from '../support/terminal.js';
import {until} from '../support/until.js';

let terminal: Terminal | undefined;

afterEach(async () => {
	await terminal?.close();
	terminal = undefined;
});

/** @param mine Code that both threads of the program load before anything else. */
function open(mine = '', args: readonly string[] = []): Terminal {
	const loaded = `data:text/javascript,import{isMainThread}from'node:worker_threads';${encodeURIComponent(mine)}`;
	terminal = openTerminal(process.execPath, ['--import', loaded, programPath, ...args], {
		columns: 200,
		rows: 40,
		env: {REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8'},
	});
	return terminal;
}

/** The terminal as it was, one line that says why, and nothing left running. */
async function expectEnd(screen: Terminal, exitCode: number, said: RegExp | undefined, belongings?: Belongings) {
	expect((await screen.exited).exitCode).toBe(exitCode);
	if (said) await screen.waitFor(said);
	expect(screen.alternate).toBe(false);
	expect(screen.output.lastIndexOf('\u001B[?25h')).toBeGreaterThan(screen.output.lastIndexOf('\u001B[?25l'));
	expect(screen.screen().trim().split('\n')).toHaveLength(1);
	if (belongings) await until(() => leftoversOf(belongings).length === 0, `nothing is left of ${belongings.pids}`);
}

/** A moment that a test chooses: a signal that the program itself does not know. In either thread. */
const onSignal = (where: 'screen' | 'engine', what: string) => `
	const moment = new BroadcastChannel('moment');
	moment.unref();
	if (isMainThread) process.on('SIGUSR2', () => {${where === 'screen' ? what : 'moment.postMessage(1)'}});
	else moment.onmessage = () => {${where === 'engine' ? what : ''}};`;

describe('the dashboard ends in order with one line', () => {
	it('when drawing throws', async () => {
		const screen = open(onSignal('screen', "Math.log10 = () => {throw new Error('cannot draw')}"));
		await screen.waitFor('● connected');
		const belongings = belongingsOf(screen.pid);
		process.kill(screen.pid, 'SIGUSR2');
		await expectEnd(screen, 1, /^redis-cache-tui: the dashboard failed: cannot draw; please report it$/m, belongings);
	});

	it("when the engine's thread ends without a word", async () => {
		const screen = open(onSignal('engine', 'process.exit(7)'));
		await screen.waitFor('● connected');
		const belongings = belongingsOf(screen.pid);
		process.kill(screen.pid, 'SIGUSR2');
		await expectEnd(screen, 1, /^redis-cache-tui: the engine ended with code 7$/m, belongings);
	});

	it('when something in the engine throws that nobody catches', async () => {
		const screen = open(onSignal('engine', "setImmediate(() => {throw new Error('out of luck')})"));
		await screen.waitFor('● connected');
		const belongings = belongingsOf(screen.pid);
		process.kill(screen.pid, 'SIGUSR2');
		await expectEnd(screen, 1, /^redis-cache-tui: the engine failed: out of luck$/m, belongings);
	});

	it('when Redis cannot be reached, without its password', async () => {
		const screen = open('', ['--url', 'redis://:s3cret@127.0.0.1:1']);
		await expectEnd(screen, 3, /^redis-cache-tui: cannot reach redis:\/\/\*\*\*@127\.0\.0\.1:1: connection refused/m);
		expect(screen.output).not.toContain('s3cret');
	});
});

describe('the dashboard can be left before its engine is ready', () => {
	/** As on a slow machine: the engine is not there for a while after the first frame. */
	const slow = 'if(!isMainThread)Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,1500);';

	it('with q', async () => {
		const screen = open(slow);
		await screen.waitFor('Overview');
		expect(screen.screen()).toContain('starting');
		await screen.press('q');
		await expectEnd(screen, 0, undefined, belongingsOf(screen.pid));
	});

	it('with SIGTERM', async () => {
		const screen = open(slow);
		await screen.waitFor('Overview');
		screen.kill('SIGTERM');
		await expectEnd(screen, 143, undefined);
	});

	it('and a command that was typed until then is carried out', async () => {
		const screen = open(slow);
		await screen.waitFor('Overview');
		screen.write(':set early yes\r');
		await screen.waitFor(/✓ set in (Redis|memory)/);
		await screen.press('q');
		expect((await screen.exited).exitCode).toBe(0);
	});
});
