import {readdirSync, readFileSync} from 'node:fs';
import {expect, it} from 'vitest';

const root = new URL('../../', import.meta.url);
const applications = new URL('test/integrations/applications/', root);
const pages = new URL('notes/guide/', root);
const guide = readdirSync(pages)
	.map((page) => readFileSync(new URL(page, pages), 'utf8'))
	.join('\n');

it('the guide quotes the applications that are tested', () => {
	const names = readdirSync(applications).filter((name) => name.endsWith('.ts') && name !== 'database.ts');
	expect(names.length).toBeGreaterThan(2);
	for (const name of names) {
		const source = readFileSync(new URL(name, applications), 'utf8');
		expect(guide, name).toContain(`\`\`\`ts\n${source.replace(/^import .*'\.\/database\.js';\n/m, '')}\`\`\``);
	}
	for (const name of ['cache-handler.mjs', 'next.config.mjs']) {
		const source = readFileSync(new URL(`test/integrations/next-application/${name}`, root), 'utf8');
		expect(guide, name).toContain(`\`\`\`js\n// ${name}\n${source}\`\`\``);
	}
});
