import {expect, it} from 'vitest';
import {consentWordOf} from '../../source/engine/consent/consent-word.js';
import {redactUrl} from '../../source/pool/redis-url.js';

it.each([
	['redis://cache.example', 'cache.example'],
	['rediss://ada:s3cret@cache.example:6379/2', 'cache.example'],
	['redis://127.0.0.1:6380', '127.0.0.1:6380'],
	['redis://[::1]:6379', '::1'],
	['unix:///run/redis.sock?db=1', '/run/redis.sock'],
	['redis+sentinel://one:26379,two:26379/main/0', 'main'],
	['redis+cluster://one:7000,two:7001', 'one:7000'],
	['redis://ada:a?b=c@cache.example', 'external'],
])('the word for %s is %s', (url, word) => {
	expect(consentWordOf(redactUrl(url))).toBe(word);
});
