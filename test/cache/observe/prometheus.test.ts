import {readFile} from 'node:fs/promises';
import {expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';

const fixture = redisFixture();

it('a cache exports its own numbers as Prometheus text', async () => {
	const cache = await fixture.open();
	await cache.set('secret-key', 1, {tags: ['secret-tag']});
	await cache.get('missing');
	await cache.invalidateTags(['secret-tag']);
	await cache.clear();
	const text = await cache.prometheus({cache: 'sessions'});
	expect(text).toContain('redis_cache_misses_total{cache="sessions"} 1');
	expect(text).toContain('redis_cache_invalidations_total{cache="sessions"} 2');
	expect(text).not.toMatch(/secret/);
});

it('a label that would break the Prometheus text is rejected', async () => {
	const cache = await fixture.open();
	await expect(cache.prometheus({'not a name': 'x'})).rejects.toMatchObject({code: 'ERR_INVALID_ARGUMENT'});
});

it.each(['source/cache/observe/prometheus.ts', 'notes/guide/metrics.md'])(
	'every name in the Prometheus text is documented in %s',
	async (file) => {
		const cache = await fixture.open();
		const documented = expand(await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8'));
		const exported = [...(await cache.prometheus()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
		expect(exported.length).toBeGreaterThan(40);
		for (const name of exported) expect(documented).toContain(name);
	},
);

/** Expands names written as `redis_cache_pool_{commands_total,lanes{state}}`. */
const expand = (text: string): readonly string[] =>
	[...text.matchAll(/redis_cache_(\w*)(?:\{((?:\w+(?:\{[\w,]*\})?,?)+)\})?(\w*)/g)].flatMap(
		([, head = '', group, tail = '']) => [
			`redis_cache_${head}`,
			...(group ?? '')
				.replaceAll(/\{[^}]*\}/g, '')
				.split(',')
				.map((part) => `redis_cache_${head}${part}${tail}`),
		],
	);
