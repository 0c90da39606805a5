import {existsSync} from 'node:fs';
import {posix} from 'node:path';
import {expect, it} from 'vitest';
import {allPages, type Page, proseOf, root} from './support/pages.js';

/** Where the links of a page lead, without those in code. */
const linksOf = (page: Page): readonly string[] =>
	[
		...proseOf(page)
			.replaceAll(/`[^`\n]*`(?!\])/g, '')
			.matchAll(/\]\(([^)\s]+)\)/g),
	].map(([, link = '']) => link);

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: Page): ReadonlySet<string> {
	const anchors = new Set<string>();
	for (const [, heading = ''] of proseOf(page).matchAll(/^#+ (.+)$/gm)) {
		const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
		const anchor = words.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
		let unique = anchor;
		for (let again = 1; anchors.has(unique); again++) unique = `${anchor}-${again}`;
		anchors.add(unique);
	}
	return anchors;
}

/** A link that leads nowhere, with the page that it is on. */
function problemOf(page: Page, link: string): string | undefined {
	const [file = '', anchor] = link.split('#');
	const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
	const target = allPages.find((other) => other.path === path);
	const isThere =
		existsSync(new URL(path, root)) && (anchor === undefined || (target && anchorsOf(target).has(anchor)));
	return isThere ? undefined : `${page.path}: ${link}`;
}

it('every link within the repository leads to a file, and to a heading that it has', () => {
	const links = allPages.flatMap((page) =>
		linksOf(page)
			.filter((link) => !/^[a-z]+:/.test(link))
			.map((link) => ({page, link})),
	);
	expect(links.length).toBeGreaterThan(100);
	expect(links.map(({page, link}) => problemOf(page, link)).filter((problem) => problem !== undefined)).toEqual([]);
});

it('users find every page of the guide in the README', () => {
	const [readme, ...others] = allPages;
	const guide = others.filter(({path}) => path.startsWith('notes/guide/')).map(({path}) => path);
	const linked = new Set(readme && linksOf(readme));
	expect(guide.filter((path) => !linked.has(path))).toEqual([]);
});
