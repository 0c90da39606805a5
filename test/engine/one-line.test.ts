import {expect, it} from 'vitest';
import {oneLine} from '../../source/engine/one-line.js';

it('the message of an error is one line that neither acts on a terminal nor has a password', () => {
	const error = new Error('ERR \u001B[31mno\u001B]0;title\u0007 \u202Eno\nredis://ada:s3cret@host:6379 is down');
	expect(oneLine(error)).toBe('ERR \\x1b[31mno\\x1b]0;title\\x07 \\u{202e}no redis://***@host:6379 is down');
});

it('punctuation after a URL is kept, also after a parameter that is not shown', () => {
	const url = 'redis+sentinel://a:1,b:2/main/0?sentinelPassword=secret';
	expect(oneLine(new Error(`PING was not sent to ${url}: no sentinel answers`))).toBe(
		'PING was not sent to redis+sentinel://a:1,b:2/main/0?sentinelPassword=***: no sentinel answers',
	);
});
