import {expect, it} from 'vitest';
import {setScript} from '../../source/cache/scripts/key-scripts.js';
import {redisFixture} from '../support/cache-fixture.js';
import {startTap} from '../support/tap.js';

const fixture = redisFixture();

/** What a script that has caught an error of Redis before 7 answers for its key. */
const caught = (text: string): string => {
	const bytes = `@user_script: 18: -${text}\r\n`;
	return `*1\r\n$${bytes.length}\r\n${bytes}\r\n`;
};

it.each([
	["READONLY You can't write against a read only replica.", 'unavailable'],
	["OOM command not allowed when used memory > 'maxmemory'.", 'full'],
])('what Redis before 7 says of one key in a script counts for what it is: %s', async (text, kind) => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({url: tap.url, ttl: '1h'});
	await cache.set('first', 1);
	tap.answer(caught(text), setScript.sha);
	const error = await cache.set('k', 1, {strict: true}).catch((reason: unknown) => reason);
	expect(error).toMatchObject({kind});
	expect(String(error)).not.toMatch(/\r|\n/);
});
