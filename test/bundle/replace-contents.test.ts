import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {replaceContents, unfinishedFolder} from '../../source/bundle/replace-contents.js';

describe('replacing the contents of dist/', () => {
	let dist: string;

	beforeEach(() => {
		dist = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	});
	afterEach(() => rmSync(dist, {recursive: true}));

	function write(files: Readonly<Record<string, string>>, folder = dist): void {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, path)), {recursive: true});
			writeFileSync(join(folder, path), text);
		}
	}

	function replaceBy(files: Readonly<Record<string, string>>): void {
		const next = unfinishedFolder(dist);
		write(files, next);
		replaceContents(dist, next, ['cli.js']);
		rmSync(next, {recursive: true});
	}

	const contents = () =>
		readdirSync(dist, {recursive: true, withFileTypes: true})
			.filter((entry) => entry.isFile())
			.map((entry) => {
				const path = join(entry.parentPath, entry.name);
				return [path.slice(dist.length + 1), readFileSync(path, 'utf8')];
			})
			.sort();

	it('removes files and folders that no build makes any more', () => {
		write({'cli.js': 'old', 'ui/app.js': 'old', 'program/chunk-1.js': 'old', 'cache/old/deep/file.js': 'old'});
		replaceBy({'cli.js': 'new', 'program/chunk-2.js': 'new', 'cache/get.js': 'new'});
		expect(contents()).toEqual([
			['cache/get.js', 'new'],
			['cli.js', 'new'],
			['program/chunk-2.js', 'new'],
		]);
		expect(readdirSync(dist).sort()).toEqual(['cache', 'cli.js', 'program']);
	});

	it('leaves alone what another process builds, unless that process is gone', () => {
		const gone = spawnSync(process.execPath, ['--version']).pid;
		write({[`.next-${process.ppid}/cli.js`]: 'theirs', [`.next-${gone}/cli.js`]: 'lost'});
		replaceBy({'cli.js': 'new'});
		expect(contents()).toEqual([
			[`.next-${process.ppid}/cli.js`, 'theirs'],
			['cli.js', 'new'],
		]);
	});

	it('keeps the old contents when a new file cannot be moved', () => {
		// A folder stands where a file has to go.
		write({'cli.js': 'old', 'program/chunk-1.js': 'old', 'program/chunk-2.js/file': 'old'});
		expect(() => replaceBy({'cli.js': 'new', 'program/chunk-2.js': 'new'})).toThrow();
		expect(readFileSync(join(dist, 'cli.js'), 'utf8')).toBe('old');
		expect(existsSync(join(dist, 'program/chunk-1.js'))).toBe(true);
	});
});
