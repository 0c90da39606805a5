import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const ruler = '-'.repeat(80);

/**
 * The licenses of all packages whose code is in a bundle: they have to be distributed with it.
 *
 * @param files Paths of the bundled files, relative to `root`.
 */
export function thirdPartyLicenses(root: string, files: readonly string[]): string {
	const notices = new Set(packageFolders(files).map((folder) => noticeOf(join(root, folder))));
	return `The files of this folder contain parts of these packages.\n\n${[...notices].sort().join(`\n${ruler}\n\n`)}`;
}

function packageFolders(files: readonly string[]): readonly string[] {
	const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
	return [...new Set(folders.filter((folder) => folder !== undefined))];
}

/**
 * Name, version and license of a package. Some packages contain other packages, with their licenses in subfolders.
 */
function noticeOf(folder: string): string {
	const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const texts = readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.filter((file) => /^(?!.*node_modules).*?(licen[cs]e|notice)s?(\.\w+)?$/i.test(file))
		.sort()
		.map((file) => readFileSync(join(folder, file), 'utf8').trim());
	return `${name} ${version}\n\n${texts.length > 0 ? texts.join('\n\n') : `License: ${license}`}\n`;
}
