import {describe, expect, it, type TestContext} from 'vitest';
import {type Belongings, belongingsOf, leftoversOf} from '../support/leftovers.js';
import {programPath} from '../support/program.js';
import {openTerminal, type Terminal} from '../support/terminal.js';
import {until} from '../support/until.js';

type Context = Pick<TestContext, 'onTestFinished'>;

/**
 * Opens the program in a terminal that is closed when the test is over. Tests of this file run concurrently.
 *
 * @param code Loaded by both threads of the program before anything else.
 */
function open({onTestFinished}: Context, code = '', args: readonly string[] = []): Terminal {
	const loaded = `data:text/javascript,import{isMainThread}from'node:worker_threads';${encodeURIComponent(code)}`;
	const terminal = openTerminal(process.execPath, ['--import', loaded, programPath, ...args], {
		columns: 200,
		rows: 40,
		env: {REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8'},
	});
	onTestFinished(() => terminal.close());
	return terminal;
}

/** Expects a restored terminal, one line that says why the program ended, and nothing left running. */
async function expectEnd(screen: Terminal, exitCode: number, message: RegExp | undefined, belongings?: Belongings) {
	expect((await screen.exited).exitCode).toBe(exitCode);
	if (message) await screen.waitFor(message);
	expect(screen.alternate).toBe(false);
	expect(screen.output.lastIndexOf('\u001B[?25h')).toBeGreaterThan(screen.output.lastIndexOf('\u001B[?25l'));
	expect(screen.screen().trim().split('\n')).toHaveLength(1);
	if (belongings) await until(() => leftoversOf(belongings).length === 0, `nothing to be left of ${belongings.pids}`);
}

/** Code that runs in one of the threads when the test sends a signal that the program itself ignores. */
const onSignal = (where: 'screen' | 'engine', what: string) => `
	const moment = new BroadcastChannel('moment');
	moment.unref();
	if (isMainThread) process.on('SIGUSR2', () => {${where === 'screen' ? what : 'moment.postMessage(1)'}});
	else moment.onmessage = () => {${where === 'engine' ? what : ''}};`;

describe.concurrent('the dashboard ends properly, with one line', () => {
	it('when rendering throws', async (context) => {
		const screen = open(context, onSignal('screen', "Math.log10 = () => {throw new Error('cannot draw')}"));
		await screen.waitFor('● connected');
		const belongings = belongingsOf(screen.pid);
		process.kill(screen.pid, 'SIGUSR2');
		await expectEnd(screen, 1, /^redis-cache-tui: the dashboard failed: cannot draw; please report it$/m, belongings);
	});

	it('when the thread of the engine exits', async (context) => {
		const screen = open(context, onSignal('engine', 'process.exit(7)'));
		await screen.waitFor('● connected');
		const belongings = belongingsOf(screen.pid);
		process.kill(screen.pid, 'SIGUSR2');
		await expectEnd(screen, 1, /^redis-cache-tui: the engine ended with code 7$/m, belongings);
	});

	it('when the engine throws an uncaught error', async (context) => {
		const screen = open(context, onSignal('engine', "setImmediate(() => {throw new Error('out of luck')})"));
		await screen.waitFor('● connected');
		const belongings = belongingsOf(screen.pid);
		process.kill(screen.pid, 'SIGUSR2');
		await expectEnd(screen, 1, /^redis-cache-tui: the engine failed: out of luck$/m, belongings);
	});

	it('when Redis cannot be reached, and hides its password', async (context) => {
		const screen = open(context, '', ['--url', 'redis://:s3cret@127.0.0.1:1']);
		await expectEnd(screen, 3, /^redis-cache-tui: cannot reach redis:\/\/\*\*\*@127\.0\.0\.1:1: connection refused/m);
		expect(screen.output).not.toContain('s3cret');
	});
});

describe.concurrent('the dashboard can be used before its engine is ready:', () => {
	/** Delays the engine, as on a slow machine. */
	const slow = 'if(!isMainThread)Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,1500);';

	it('q ends it', async (context) => {
		const screen = open(context, slow);
		await screen.waitFor('Overview');
		expect(screen.screen()).toContain('starting');
		await screen.press('q');
		await expectEnd(screen, 0, undefined, belongingsOf(screen.pid));
	});

	it('SIGTERM ends it', async (context) => {
		const screen = open(context, slow);
		await screen.waitFor('Overview');
		screen.kill('SIGTERM');
		await expectEnd(screen, 143, undefined);
	});

	it('a command that was typed before runs once the engine is ready', async (context) => {
		const screen = open(context, slow);
		await screen.waitFor('Overview');
		screen.write(':set early yes\r');
		await screen.waitFor(/✓ set in (Redis|memory)/);
		await screen.press('q');
		expect((await screen.exited).exitCode).toBe(0);
	});
});
