import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {HistoryFile} from '../../source/cli/history-file.js';

function inFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return join(folder, 'state', 'history');
}

test('lines of all sessions are there for the next one, each once, the newest last', () => {
	const path = inFolder();
	const [one, other] = [new HistoryFile(path), new HistoryFile(path)];
	for (const line of ['get a', 'get b', 'get a']) one.add(line);
	other.add('get c');
	expect(new HistoryFile(path).lines).toEqual(['get b', 'get a', 'get c']);
	expect(one.lines).toEqual([]);
});

test('only its owner can read the file, even if it was wider before', () => {
	const path = inFolder();
	new HistoryFile(path).add('get a');
	writeFileSync(path, 'get a\n', {mode: 0o644});
	new HistoryFile(path).add('get b');
	expect(statSync(path).mode & 0o777).toBe(0o600);
	expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
});

test('it is bounded', () => {
	const path = inFolder();
	const history = new HistoryFile(path);
	for (let index = 0; index < 210; index++) history.add(`get ${index}`);
	const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
	expect([lines.length, lines[0], lines.at(-1)]).toEqual([200, 'get 10', 'get 209']);
});

test('a folder that cannot be written fails no command', () => {
	const history = new HistoryFile('/dev/null/history');
	history.add('get a');
	expect(history.lines).toEqual([]);
});
