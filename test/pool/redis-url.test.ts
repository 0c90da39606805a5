import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseRedisUrl, redactUrl} from '../../source/pool/redis-url.js';

const noLogin = {username: undefined, password: undefined};

describe('parseRedisUrl', () => {
	it.each(['redis://h?tls=true', 'redis://h/1?db=1&family=6', 'unix:///s?sentinelUser=a', 'redis+cluster://h?dB=0'])(
		'refuses a parameter that would have no effect: %s',
		(url) => {
			expect(() => parseRedisUrl(url)).toThrow(/unknown parameter/);
		},
	);

	it.each([
		['redis://localhost', {type: 'tcp', tls: false, endpoint: {host: 'localhost', port: 6379}, db: 0, ...noLogin}],
		['redis://10.0.0.1:7000/3', {type: 'tcp', endpoint: {host: '10.0.0.1', port: 7000}, db: 3}],
		['redis://h?db=2', {db: 2}],
		['REDISS://h/', {type: 'tcp', tls: true, db: 0}],
		['redis://[::1]:6380', {endpoint: {host: '::1', port: 6380}}],
		['redis://ann:s%40cr%2Fet@h', {username: 'ann', password: 's@cr/et'}],
		['redis://:pw@h', {username: undefined, password: 'pw'}],
		['redis://ann:p@ss@h:1', {username: 'ann', password: 'p@ss', endpoint: {host: 'h', port: 1}}],
		['unix:///run/redis.sock?db=1', {type: 'unix', path: '/run/redis.sock', db: 1}],
		['unix://:pw@/run/r%20s.sock', {path: '/run/r s.sock', password: 'pw'}],
		[
			'redis+sentinel://u:p@a,b:2/main/4?sentinelUser=s&sentinelPassword=t',
			{
				type: 'sentinel',
				sentinels: [
					{host: 'a', port: 26_379},
					{host: 'b', port: 2},
				],
				master: 'main',
				db: 4,
				username: 'u',
				password: 'p',
				sentinelLogin: {username: 's', password: 't'},
			},
		],
		['redis+cluster://a:1,[::1]:2', {type: 'cluster', tls: false, nodes: [{port: 1}, {host: '::1', port: 2}]}],
		['rediss+cluster://a', {type: 'cluster', tls: true}],
	])('reads %s', (url, expected) => {
		expect(parseRedisUrl(url)).toMatchObject(expected);
	});

	it.each([
		['', /cannot be read/],
		['localhost:6379', /cannot be read/],
		['http://localhost', /start with redis:\/\//],
		['redis://', /no host/],
		['redis://:6379', /no host/],
		['redis://h:0', /between 1 and 65535/],
		['redis://h:65536', /between 1 and 65535/],
		['redis://h:sixty', /between 1 and 65535/],
		['redis://h:-1', /between 1 and 65535/],
		['redis://h/zero', /must be a number/],
		['redis://h/1/2', /must be a database number/],
		['redis://h/-1', /must be a number/],
		['redis://a,b', /redis\+cluster/],
		['redis://%zz@h', /%25/],
		['redis://[::1', /cannot be read/],
		['unix://', /no socket path/],
		['redis+sentinel:///main', /list of hosts is empty/],
		['redis+sentinel://a', /name of the master/],
		['redis+cluster://', /list of hosts is empty/],
		['redis+cluster://,,', /list of hosts is empty/],
		['redis+cluster://a/1', /only database 0/],
	])('refuses %s in one line that says what to do', (url, message) => {
		expect(() => parseRedisUrl(url)).toThrow(
			expect.objectContaining({
				code: 'ERR_INVALID_ARGUMENT',
				message: expect.stringMatching(message),
			}) as Error,
		);
		expect(() => parseRedisUrl(url)).not.toThrow(/\n/);
	});

	it('throws only its own error, and never repeats anything before the host', () => {
		fc.assert(
			fc.property(
				fc.string(),
				fc.constantFrom('redis', 'rediss', 'unix', 'redis+sentinel', 'redis+cluster'),
				(junk, scheme) => {
					const secret = 's3cr3t';
					try {
						parseRedisUrl(`${scheme}://user:${secret}${junk}@host:${junk}/${junk}`);
					} catch (error) {
						expect(error).toMatchObject({name: 'InvalidArgumentError'});
						expect(String(error)).not.toContain(secret);
					}
				},
			),
		);
	});
});

describe('redactUrl', () => {
	it.each([
		['redis://localhost:6379/0', 'redis://localhost:6379/0'],
		['redis://ann:secret@h:1/2', 'redis://***@h:1/2'],
		['redis://:se/cr@e?t@h', 'redis://***@h'],
		['unix://:pw@/run/redis.sock?db=1', 'unix://***@/run/redis.sock?db=1'],
		[
			'redis+sentinel://a,b/main?sentinelUser=x&sentinelPassword=y',
			'redis+sentinel://a,b/main?sentinelUser=***&sentinelPassword=***',
		],
		['redis+cluster://u:p@a:1,b:2', 'redis+cluster://***@a:1,b:2'],
		['host=h password=secret', '(unreadable URL)'],
		['redis://h password=secret', 'redis://…'],
		['redis+sentinel://h1:26379/mymaster?sentinelPassword=pa@ssword', 'redis+sentinel://…'],
		['', '(unreadable URL)'],
	])('shows %s as %s', (url, shown) => {
		expect(redactUrl(url)).toBe(shown);
	});

	it('shows no part of any password, encoded or not', () => {
		fc.assert(
			fc.property(fc.string({minLength: 1}), fc.boolean(), (noise, encoded) => {
				const password = `${noise}S3CR3T${noise}`;
				const url = `redis://user:${encoded ? encodeURIComponent(password) : password}@host:6379/0?password=S3CR3T`;
				expect(redactUrl(url)).not.toContain('S3CR3T');
			}),
		);
	});
});
