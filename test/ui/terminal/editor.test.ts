import {chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {editInEditor} from '../../../source/ui/terminal/editor.js';

let folder: string;

/** An editor that runs a line of shell on its file, `$1`. */
function editor(name: string, line: string): NodeJS.ProcessEnv {
	const path = join(folder, name);
	writeFileSync(path, `#!/bin/sh\n${line}\n`);
	chmodSync(path, 0o755);
	return {PATH: process.env.PATH, TMPDIR: folder, EDITOR: `${path} --wait`};
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const leftFiles = () => readdirSync(folder).filter((name) => name.startsWith('redis-cache-tui-edit-'));

describe('the editor of the person', () => {
	it('gets the text and its arguments, and what it saves comes back', async () => {
		const env = editor('append', 'test "$1" = --wait && case "$2" in *.json) printf "%s" new >> "$2";; esac');
		expect(await editInEditor('old ', '.json', env)).toBe('old new');
	});

	it('adds no line break at the end of a text that had none', async () => {
		const env = editor('newline', 'printf "two\\n" > "$2"');
		expect(await editInEditor('one', '.txt', env)).toBe('two');
		expect(await editInEditor('one\n', '.txt', env)).toBe('two\n');
	});

	it('that fails changes nothing, and leaves no file', async () => {
		const env = editor('fails', 'echo changed > "$2"; exit 3');
		await expect(editInEditor('old', '.txt', env)).rejects.toThrow(/ended with exit code 3: nothing was changed/);
		await expect(
			editInEditor('old', '.txt', {PATH: process.env.PATH, TMPDIR: folder, EDITOR: '/nonexistent/ed'}),
		).rejects.toThrow(/ended with exit code 127/);
		expect(leftFiles()).toEqual([]);
	});
});
