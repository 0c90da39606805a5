import {describe, expect, type TestContext, test} from 'vitest';
import {programPath} from '../support/program.js';
import {openTerminal, type Terminal} from '../support/terminal.js';
import {until} from '../support/until.js';

/** Opens the program in a terminal that is closed when the test is over. Tests of this file run concurrently. */
async function start({onTestFinished}: Pick<TestContext, 'onTestFinished'>): Promise<Terminal> {
	const terminal = openTerminal(process.execPath, [programPath, '--rate', '50', '--keys', '50'], {
		columns: 120,
		rows: 40,
		env: {LC_ALL: 'C.UTF-8', REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent'},
	});
	onTestFinished(() => terminal.close());
	await terminal.waitFor('● connected');
	return terminal;
}

async function command(terminal: Terminal, line: string, answer: string | RegExp): Promise<void> {
	await terminal.press(':');
	await terminal.waitFor('▸ Command');
	terminal.write(`${line}\r`);
	await terminal.waitFor((screen) => !screen.includes('▸ Command'));
	await terminal.waitFor(answer);
}

describe.concurrent('a person', () => {
	test('finds a key in the tree, opens it, edits it and deletes it', async (context) => {
		const terminal = await start(context);
		await command(terminal, 'redis SET shop:cart:7 apples', 'OK');
		terminal.write('SET shop:cart:8 pears\r');
		await terminal.waitFor(/SET shop:cart:8 pears[\s┃]+OK/);
		terminal.write('SET shop:open yes\r');
		await terminal.waitFor(/SET shop:open yes[\s┃]+OK/);
		await terminal.press('esc');
		await terminal.waitFor((screen) => !screen.includes('▸ Redis'));
		await terminal.press('2', 't');
		await terminal.waitFor(/\+ shop: +3 keys/);
		// The workload's keys are more, so that its group comes first.
		await terminal.press('G', 'home', 'down');
		await terminal.waitFor(/▸ \+ shop:/);
		await terminal.press('enter');
		await terminal.waitFor(/\+ cart: +2 keys/);
		await terminal.waitFor(/ open +string +no TTL/);
		await terminal.press('down', 'right');
		await terminal.waitFor(/ 7 +string/);
		await terminal.press('down');
		await terminal.waitFor(/▸ +[78] +string/);
		await terminal.press('enter');
		await terminal.waitFor(/(apples|pears)/);
		await terminal.press('e');
		await terminal.waitFor('Edit shop:cart:');
		await terminal.press('ctrl+u');
		terminal.paste('plums & süße Kirschen 🍒');
		await terminal.press('backspace', 'home', 'delete', 'end', 'left', 'ctrl+e', 'enter');
		await terminal.waitFor((screen) => screen.includes('lums & süße Kirschen') && !screen.includes('Edit shop'));
		await terminal.press('d');
		await terminal.waitFor('This key will be deleted');
		terminal.write('delete\r');
		await terminal.waitFor('deleted 1 key');
		await terminal.waitFor(/- cart: +1 key\b/);
	});

	test('reads when a cache entry was written, how fresh it is and its tags, and changes it in place', async (context) => {
		const terminal = await start(context);
		await command(terminal, 'workload off', /off/);
		// On a busy machine Redis may seem unreachable, and what is set meanwhile is not in Redis: then it is set again.
		await until(async () => {
			await command(terminal, 'set greeting hello 10m people english', /set in (Redis|memory)/);
			return terminal.screen().includes('set in Redis');
		}, 'the value that was set is in Redis');
		await terminal.press('2', '/');
		terminal.write('greeting\r');
		await terminal.waitFor(/▸ +rct:default:greeting/);
		await terminal.press('enter');
		await terminal.waitFor(/tags +people english/);
		await terminal.waitFor(/fresh +for \d+m .* of \d+m .* of grace/);
		expect(terminal.screen()).toMatch(/version +\d{16}, written \d+ s ago/);
		await terminal.press('e');
		await terminal.waitFor('Edit rct:default:greeting');
		await terminal.press('left');
		terminal.write(' world');
		await terminal.press('enter');
		await terminal.waitFor(/"?hello world/);
		await terminal.waitFor(/tags +people english/);
	});

	test('gives the pool more lanes and fewer while traffic runs', async (context) => {
		const terminal = await start(context);
		await terminal.press('3');
		await terminal.waitFor(/Lanes +2 of 2 ready/);
		await terminal.press('+');
		await terminal.waitFor(/Lanes +3 of 3 ready/);
		await terminal.press('-');
		await terminal.waitFor((screen) => /Lanes +2 of 2 ready/.test(screen) && !/^│.* 2 +● ready/m.test(screen));
	});
});
