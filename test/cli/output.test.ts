import {afterEach, describe, expect, it, vi} from 'vitest';
import {openOutput} from '../../source/cli/output.js';
import {runProgram} from '../support/program.js';
import {asciiOnly, unicodeSample} from '../support/unicode-sample.js';

afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

/** The texts that an output writes to standard output and error in a locale. */
function written(locale: string): {readonly out: string[]; readonly err: string[]} {
	vi.stubEnv('LC_ALL', locale);
	const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
	const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
	const output = openOutput();
	output.out(unicodeSample);
	output.data(unicodeSample);
	output.err(unicodeSample);
	const texts = (spy: typeof out | typeof err) => spy.mock.calls.map(([text]) => String(text));
	return {out: texts(out), err: texts(err)};
}

describe('the output', () => {
	it('has the characters of the locale in text for people, and all of them in JSON and XML', () => {
		const {out, err} = written('C');
		expect(out[0]).toMatch(asciiOnly);
		expect(out[1]).toBe(unicodeSample);
		expect(err[0]).toMatch(asciiOnly);
	});

	it('is not changed where the locale is UTF-8', () => {
		expect(written('C.UTF-8')).toEqual({out: [unicodeSample, unicodeSample], err: [unicodeSample]});
	});
});

it.concurrent.each([
	[['--help']],
	[['drill']],
	[['drill', 'größe']],
	[['--once', '--namespace', 'größe']],
	[['--url', 'redis://h password=→', '--once']],
] as const)('%j prints ASCII only where the locale is not UTF-8', async (args) => {
	const {stdout, stderr} = await runProgram(args, {env: {LC_ALL: 'C'}});
	expect(stdout + stderr).toMatch(/./);
	expect(stdout).toMatch(asciiOnly);
	expect(stderr).toMatch(asciiOnly);
});
