import {readdirSync, readFileSync} from 'node:fs';

export const root = new URL('../../../', import.meta.url);

/** A page in Markdown. */
export type Page = {
	/** From the root of the repository: `notes/guide/ttls.md`. */
	readonly path: string;
	readonly text: string;
};

const below = (folder: string): readonly string[] =>
	readdirSync(new URL(folder, root))
		.filter((name) => name.endsWith('.md'))
		.map((name) => `${folder}${name}`);

const read = (path: string): Page => ({path, text: readFileSync(new URL(path, root), 'utf8')});

export const readme = read('README.md');

export const guide: readonly Page[] = below('notes/guide/').map(read);

/** Pages for people who use the package. */
export const userPages: readonly Page[] = [readme, ...guide];

/** Every page of the repository. */
export const allPages: readonly Page[] = [
	...userPages,
	...['CONTRIBUTING.md', 'CHANGELOG.md', ...below('notes/')].map(read),
];

/** The page of the guide with this name, such as `ttls`. */
export function guidePage(name: string): string {
	const page = guide.find(({path}) => path === `notes/guide/${name}.md`);
	if (page === undefined) throw new Error(`the guide has no page ${name}`);
	return page.text;
}

/** Code in a page, between fences. */
export type Block = {
	/** `ts`; empty for none. */
	readonly language: string;
	readonly code: string;
};

const fenced = /^( *)```(\w*)\n(.*?)^ *```$/gms;

/** The blocks of code in a page, without the indentation of the list that they are in. */
export const blocksOf = ({text}: Page): readonly Block[] =>
	[...text.matchAll(fenced)].map(([, indent = '', language = '', code = '']) => ({
		language,
		code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
	}));

/** A page without its blocks of code. */
export const proseOf = ({text}: Page): string => text.replaceAll(fenced, '');

/** Code within a line of text: `--theme light`. */
export const spansOf = (page: Page): readonly string[] =>
	[...proseOf(page).matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map(([, code = '']) => code.replaceAll('\n', ' '));
