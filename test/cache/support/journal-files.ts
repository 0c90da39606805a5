import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';

/** A path for a journal, in a folder that is removed after the test. */
export const newPath = (): string => {
	const directory = mkdtempSync(join(tmpdir(), 'rct-journal-'));
	onTestFinished(() => rmSync(directory, {recursive: true, force: true}));
	return join(directory, 'journal');
};

/** The names of the changes in a journal file. */
export const noted = (path: string): readonly string[] =>
	readFileSync(path, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => (JSON.parse(line) as {name: string}).name);
