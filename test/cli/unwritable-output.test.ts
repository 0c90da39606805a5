import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {programPath} from '../support/program.js';

/** Runs the program with its standard output on a disk that is full. */
const runOnFullDisk = async (...args: string[]): Promise<{readonly exitCode: unknown; readonly stderr: string}> => {
	const full = await open('/dev/full', 'w');
	try {
		const child = spawn(process.execPath, [programPath, ...args], {stdio: ['ignore', full.fd, 'pipe']});
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
	for (const flag of ['--help', '--version', '--print-config'] as const) {
		it(`${flag} prints one line about it and ends with exit code 1`, async () => {
			expect(await runOnFullDisk(flag)).toEqual({
				exitCode: 1,
				stderr: 'redis-cache-tui: standard output cannot be written (ENOSPC): redirect it to another place\n',
			});
		});
	}
});
