import {afterEach, expect, test} from 'vitest';
import {blockLoop} from '../../support/block-loop.js';
import {openTerminal, type Terminal} from '../../support/terminal.js';
import {until} from '../../support/until.js';

const open: Terminal[] = [];
afterEach(async () => {
	for (const terminal of open.splice(0)) await terminal.close();
});

function run(script: string, size?: {columns: number; rows: number}): Terminal {
	const terminal = openTerminal(process.execPath, ['-e', script], size);
	open.push(terminal);
	return terminal;
}

test('the terminal harness shows what a program prints, passes keys to it and tells its exit code', async () => {
	const terminal = run(
		"process.stdin.setRawMode(true); process.stdout.write('hello\\r\\nworld'); process.stdin.on('data', (k) => { process.stdout.write(' got ' + JSON.stringify(String(k))); if (String(k) === 'q') process.exit(7); });",
	);
	await terminal.waitFor('world');
	expect(terminal.rows().slice(0, 2)).toEqual(['hello', 'world']);
	await terminal.press('up', 'q');
	await terminal.waitFor('got "q"');
	expect(terminal.screen()).toContain('got "\\u001b[A"');
	expect(await terminal.exited).toEqual({exitCode: 7, signal: undefined});
	expect(terminal.bytes).toBeGreaterThan(20);
});

test('the terminal harness resizes, and says what was on the screen when a text does not come', async () => {
	const terminal = run(
		"const show = () => console.log(process.stdout.columns + 'x' + process.stdout.rows); show(); process.stdout.on('resize', show); setInterval(() => {}, 1000);",
		{columns: 60, rows: 16},
	);
	await terminal.waitFor('60x16');
	terminal.resize(100, 30);
	await terminal.waitFor('100x30');
	await expect(terminal.waitFor('never', 200)).rejects.toThrow(/not on the screen after 200 ms: never\n60x16/);
});

test('the terminal harness loses no output of a program that ends while the test is busy', async () => {
	const terminal = run(
		"process.stdin.setRawMode(true); process.stdout.write('ready'); process.stdin.once('data', () => { for (let i = 0; i < 200; i++) process.stdout.write('x'.repeat(500)); process.stdout.write('the end'); process.exit(0); });",
	);
	await terminal.waitFor('ready');
	terminal.write('a');
	await until(() => terminal.bytes > 4000, 'the program writes');
	blockLoop(300);
	await terminal.exited;
	expect(terminal.output.endsWith('the end')).toBe(true);
});
