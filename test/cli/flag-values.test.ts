import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {rootCertificates} from 'node:tls';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {main} from '../../source/cli/main.js';
import {helpText} from '../../source/cli/settings/help-text.js';

type BadValue = {
	/** The flag, after a command that takes it. */
	readonly line: string;
	readonly value: string;
	readonly allowed: RegExp;
	/** The value may be a secret, or is not what is wrong. */
	readonly isUnquoted?: true;
};

/** The program reads its configuration file here, which has one connection. */
const home = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
const certificate = join(home, 'cert.pem');

const probe = 'drill default --probe http://127.0.0.1:1/';
const server = '--once --url rediss://127.0.0.1:1';

const badValues: readonly BadValue[] = [
	{line: '--url', value: 'localhost', allowed: /write redis:\/\/host:port/, isUnquoted: true},
	{line: '--url', value: 'http://s3cret@localhost', allowed: /start with redis:\/\//, isUnquoted: true},
	{line: '--url', value: 'redis://localhost:99999', allowed: /between 1 and 65535/, isUnquoted: true},
	{line: '--connection', value: 'shpo', allowed: /did you mean shop\?/},
	{line: '--connection', value: 'else', allowed: /there are shop/},
	{line: `${server} --ca`, value: '/nowhere/ca.pem', allowed: /no such file/},
	{line: `${server} --key /nowhere/key.pem --cert`, value: '/nowhere/cert.pem', allowed: /no such file/},
	{line: `${server} --cert ${certificate} --key`, value: '/nowhere/key.pem', allowed: /no such file/},
	{line: '--deadline', value: '2m', allowed: /from 1ms to 60s, such as 500/},
	{line: '--private', value: 'ring', allowed: /cluster or sentinel/},
	{line: '--namespace', value: 'a b', allowed: /1 to 64 letters, digits/},
	{line: '--rate', value: '0', allowed: /from 1 to 100000/},
	{line: '--keys', value: '1.5', allowed: /from 1 to 1000000/},
	{line: '--scan-rate', value: '9', allowed: /from 10 to 100000000/},
	{line: '--fps', value: '31', allowed: /from 1 to 30/},
	{line: '--delimiter', value: '', allowed: /needs a value/, isUnquoted: true},
	{line: 'keys --pattern', value: '', allowed: /needs a value/, isUnquoted: true},
	{line: '--theme', value: 'x', allowed: /default, light, colour-blind or mono, not "x"$/},
	{line: '--glyphs', value: 'asci', allowed: /unicode or ascii, .*did you mean ascii\?/},
	{line: '--report', value: 'xml', allowed: /text, json, junit, html or github/},
	{
		line: 'drill default --subject',
		value: 'nowhere.mjs',
		allowed: /the path of a module, or an http:\/\/ URL with \{key\}/,
	},
	{line: 'drill default --subject', value: 'ftp://x/{key}', allowed: /the path of a module, or an http:\/\/ URL with/},
	{line: 'drill default --subject', value: 'http://x/', allowed: /write it where the name of a key belongs/},
	{line: 'drill default --probe', value: 'localhost:3000', allowed: /such as http:\/\/localhost:3000\/users\/1, not/},
	{
		line: 'drill default --probe',
		value: 'user:s3cret@localhost',
		allowed: /an http:\/\/ or https:\/\/ URL/,
		isUnquoted: true,
	},
	{line: `${probe} --probe-method`, value: 'GET /', allowed: /letters, such as HEAD/},
	{line: `${probe} --probe-header`, value: 's3cret', allowed: /"name: value", such as/, isUnquoted: true},
	{line: `${probe} --probe-status`, value: '200-99', allowed: /from 100 to 599, such as 200, 200-299/},
	{line: `${probe} --probe-timeout`, value: '61s', allowed: /from 1ms to 60s, such as 500ms/},
	{line: 'tap --listen', value: '99999', allowed: /such as 127\.0\.0\.1:6380, or a port from 1 to 65535/},
	{line: 'drill default --listen', value: '99999', allowed: /from 1 to 65535, such as 6380/},
	{line: 'tap --for', value: '60', allowed: /from 1ms to 24d with its unit, such as 60s/},
	{line: 'tap --output', value: '/nowhere/tap.html', allowed: /nothing can be written in \/nowhere/, isUnquoted: true},
];

const flagOf = ({line}: BadValue): string => /--[\w-]+$/.exec(line)?.[0] ?? '';

async function refusalOf({line, value}: BadValue): Promise<{readonly exitCode: number; readonly message: string}> {
	let message = '';
	const out = (text: string) => {
		message += text;
	};
	const exitCode = await main([...line.split(' '), value], {
		glyphs: 'unicode',
		out,
		data: out,
		err: out,
		drained: async () => undefined,
		written: async () => undefined,
		broken: new AbortController().signal,
		failed: false,
	});
	return {exitCode, message};
}

describe('a flag with a value that it cannot take', () => {
	beforeAll(() => {
		writeFileSync(certificate, rootCertificates[0] ?? '');
		mkdirSync(join(home, 'redis-cache-tui'));
		const connections = {shop: {url: 'redis://127.0.0.1:1'}};
		writeFileSync(join(home, 'redis-cache-tui', 'config.json'), JSON.stringify({connections}));
		vi.stubEnv('XDG_CONFIG_HOME', home);
		vi.stubEnv('REDIS_URL', undefined);
	});

	afterAll(() => {
		vi.unstubAllEnvs();
		rmSync(home, {recursive: true});
	});

	it.each(badValues)(
		'$line $value: is named, with the value unless it is a secret, and with what is allowed',
		async (bad) => {
			const {exitCode, message} = await refusalOf(bad);
			expect(message).toMatch(/^redis-cache-tui: [^\n]+\n$/);
			const text = message.trim();
			expect(text).toContain(flagOf(bad).replace('--subject', 'subject'));
			expect(text).toMatch(bad.allowed);
			if (!bad.isUnquoted) expect(text).toContain(bad.value);
			expect(text).not.toContain('s3cret');
			expect(exitCode).toBe(2);
		},
	);

	it('is tried here for every flag of --help that takes a value', () => {
		const taking = [...helpText.matchAll(/^ {2}(--[\w-]+) +<|(--probe-\w+) /gm)].map(([, flag, more]) => flag ?? more);
		expect(taking.length).toBeGreaterThan(20);
		const tried = new Set(badValues.map(flagOf));
		expect(taking.filter((flag) => !tried.has(flag ?? ''))).toEqual([]);
	});
});
