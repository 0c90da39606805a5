import {readFile} from 'node:fs/promises';
import {expect, it} from 'vitest';

const source = new URL('../../source/', import.meta.url);

/** Everything that importing a module loads: files below `source/`, and packages. Types and dynamic imports do not count. */
const loadedBy = async (
	entry: string,
): Promise<{readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string>}> => {
	const files = new Set<string>();
	const packages = new Set<string>();
	const visit = async (url: URL): Promise<void> => {
		const name = url.href.slice(source.href.length);
		if (files.has(name)) return;
		files.add(name);
		const text = await readFile(url, 'utf8');
		for (const [, what = '', from = ''] of text.matchAll(/^(?:import|export)\s([^;]*?)\sfrom '([^']+)'/gm)) {
			if (what.startsWith('type ')) continue;
			if (from.startsWith('.')) await visit(new URL(from.replace(/\.js$/, '.ts'), url));
			else packages.add(from);
		}
	};
	await visit(new URL(entry, source));
	return {files, packages};
};

it('the library loads nothing of the dashboard', async () => {
	const {files} = await loadedBy('index.ts');
	const rooms = new Set([...files].map((file) => file.split('/')[0]));
	expect(rooms).toEqual(new Set(['index.ts', 'cache', 'metrics', 'pool', 'text', 'time']));
});

it('the library loads no optional package until it is asked for', async () => {
	const {packages} = await loadedBy('index.ts');
	expect([...packages].filter((name) => !name.startsWith('node:')).sort()).toEqual(['ioredis', 'leven', 'lru-cache']);
});

it('only the sub-path for OpenTelemetry needs its API', async () => {
	const {packages} = await loadedBy('open-telemetry/instrument.ts');
	expect(packages).toContain('@opentelemetry/api');
});
