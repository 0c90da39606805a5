import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {readConfigFile} from '../../source/cli/settings/config-file.js';
import {resolveSettings} from '../../source/cli/settings/resolve-settings.js';
import {blocksOf, userPages} from './support/pages.js';
import {excerptedFiles, testedFiles} from './support/tested-files.js';

const blocks = userPages.flatMap((page) => blocksOf(page).map((block) => ({...block, page: page.path})));

const isExcerpt = (code: string): boolean =>
	excerptedFiles.some((file) => file.replaceAll(/^\t/gm, '').includes(code) || file.includes(code));

it('code in the guide is that of files which tests run', () => {
	const examples = blocks.filter(({language}) => language === 'ts' || language === 'js');
	expect(examples.length).toBeGreaterThan(40);
	const unknown = examples.filter(
		({language, code}) =>
			!testedFiles.some((file) => file.language === language && file.shown === code) && !isExcerpt(code),
	);
	expect(unknown).toEqual([]);
});

it('the guide shows every file that was written for it', () => {
	const missing = testedFiles.filter(({shown}) => !blocks.some(({code}) => code === shown));
	expect(missing.map(({path}) => path)).toEqual([]);
});

it('a configuration file in the guide is one that the program reads', async () => {
	const files = blocks.filter(({language, code}) => language === 'json' && !code.includes('"$schema"'));
	expect(files).toHaveLength(1);
	const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-guide-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const path = join(folder, 'config.json');
	writeFileSync(path, files[0]?.code ?? '');
	const {settings} = resolveSettings({connection: 'shop'}, await readConfigFile(path));
	expect(settings).toMatchObject({connection: 'shop', readOnly: true});
	expect(settings.connections.map(({name}) => name)).toEqual(['shop', 'far', 'dev']);
});

it('every block has a language that a test knows, or none', () => {
	const languages = new Set(blocks.map(({language}) => language));
	expect([...languages].sort()).toEqual(['', 'js', 'json', 'sh', 'ts', 'yaml']);
});
