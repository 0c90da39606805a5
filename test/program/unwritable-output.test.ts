import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, type TestContext} from 'vitest';
import {programPath, startProgram} from '../support/program.js';

/** The path of a drill that lasts a moment, and is removed after the test. */
const shortDrill = ({onTestFinished}: Pick<TestContext, 'onTestFinished'>): string => {
	const directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	onTestFinished(() => rmSync(directory, {recursive: true}));
	const path = join(directory, 'short.json');
	const drill = {name: 'short', summary: 'x', duration: '300ms', steps: [], expectations: ['calls >= 1000000']};
	writeFileSync(path, JSON.stringify(drill));
	return path;
};

/** Runs the program with its standard output on a disk that is full. */
const runOnFullDisk = async (...args: string[]): Promise<{readonly exitCode: unknown; readonly stderr: string}> => {
	const full = await open('/dev/full', 'w');
	try {
		const child = spawn(process.execPath, [programPath, ...args], {
			stdio: ['ignore', full.fd, 'pipe'],
			env: {...process.env, REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent'},
		});
		let stderr = '';
		child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
			stderr += chunk;
		});
		const [exitCode] = await once(child, 'close');
		return {exitCode, stderr};
	} finally {
		await full.close();
	}
};

describe.runIf(existsSync('/dev/full'))('with a standard output that cannot be written', {concurrent: true}, () => {
	const message = 'redis-cache-tui: standard output cannot be written (ENOSPC): redirect it to another place\n';

	for (const words of [['--help'], ['--version'], ['--print-config'], ['drill'], ['--once', '--json', '--embedded']]) {
		it(`${words.join(' ')} prints one line about it and ends with exit code 74`, async () => {
			expect(await runOnFullDisk(...words)).toEqual({exitCode: 74, stderr: message});
		});
	}

	it('a drill that has failed does not end as one', async (context) => {
		const {exitCode, stderr} = await runOnFullDisk('drill', shortDrill(context));
		expect(exitCode).toBe(74);
		// On a busy machine a line about late measurements may stand before it.
		expect(stderr).toContain(message);
	});
});

it('a drill whose report nobody can read ends as one whose reader has gone, not as one that failed', async (context) => {
	const program = startProgram(['drill', shortDrill(context)]);
	program.child.stdout?.destroy();
	expect(await program.finished).toMatchObject({exitCode: 141, signal: null, stdout: ''});
});
