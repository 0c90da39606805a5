import {access, readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import * as library from '../../../source/index.js';

const root = new URL('../../../', import.meta.url);

const readme = await readFile(new URL('README.md', root), 'utf8');

/** The anchors of a Markdown page, built from its headings. */
const anchorsOf = (markdown: string): ReadonlySet<string> =>
	new Set(
		[...markdown.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
			heading
				.toLowerCase()
				.replaceAll(/[^\p{L}\p{N} _-]/gu, '')
				.replaceAll(' ', '-'),
		),
	);

describe('the README', () => {
	const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);

	it.each([...new Set(links)])('links to what is there: %s', async (link) => {
		const [path = '', anchor] = link.split('#');
		expect(path).not.toMatch(/^\w+:/);
		if (path !== '') await access(new URL(path, root));
		if (anchor === undefined) return;
		const page = path === '' ? readme : await readFile(new URL(path, root), 'utf8');
		expect(anchorsOf(page)).toContain(anchor);
	});

	it('lists every error of the library with its code', () => {
		const names = Object.keys(library).filter((name) => name.endsWith('Error') && name !== 'RedisCacheError');
		expect(names.length).toBeGreaterThan(10);
		for (const name of names) {
			const code =
				name === 'ServerError' ? 'ERR_SERVER_…' : `ERR_${name.slice(0, -5).replaceAll(/(?<=.)[A-Z]/g, '_$&')}`;
			expect(readme).toContain(`| \`${name}\` | \`${code.toUpperCase()}\` |`);
		}
	});

	it('names every call of a cache, and every event', () => {
		const calls = [library.RedisCache.prototype, Object.getPrototypeOf(library.RedisCache.prototype) as object]
			.flatMap((prototype) => Object.getOwnPropertyNames(prototype))
			.filter((name) => !['constructor', 'internals'].includes(name));
		expect(calls.length).toBeGreaterThan(18);
		for (const call of calls) expect(readme).toContain(`\`${call}\``);
		for (const event of ['hit', 'miss', 'set', 'delete', 'evict', 'load', 'error', 'mode', 'reconcile', 'pool'])
			expect(readme).toContain(`\`${event}\``);
	});
});
