import {fileURLToPath} from 'node:url';
import {runDrill} from 'redis-cache-tui/testing';
import {expect, test} from 'vitest';
import {outage} from './outage.mjs';

test('the cache keeps its values right through an outage', async () => {
	const report = await runDrill(fileURLToPath(new URL('cache.mjs', import.meta.url)), outage);
	expect(report.expectations.filter(({passed}) => !passed)).toEqual([]);
	expect(report.returned).toMatchObject({ownProcess: 0, otherProcess: 0});
}, 60_000);
