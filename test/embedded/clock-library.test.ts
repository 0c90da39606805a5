import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {clockEnvironment, clockFileText, findClockLibrary} from '../../source/embedded/clock-library.js';

describe('libfaketime', () => {
	let root: string;
	beforeAll(async () => {
		root = await mkdtemp(join(tmpdir(), 'rct-test-'));
		for (const folder of ['x86_64-linux-gnu/faketime', 'plain', 'with space'])
			await mkdir(join(root, folder), {recursive: true});
		await writeFile(join(root, 'x86_64-linux-gnu/faketime/libfaketime.so.1'), '');
		await writeFile(join(root, 'x86_64-linux-gnu/faketime/libfaketimeMT.so.1'), '');
		await writeFile(join(root, 'plain/libfaketime.1.dylib'), '');
		await writeFile(join(root, 'with space/libfaketime.so.1'), '');
		await mkdir(join(root, 'plain/libfaketime.so.1'));
	});
	afterAll(() => rm(root, {recursive: true}));

	it('is found in the folder of any architecture, the build for several threads first', async () => {
		expect(await findClockLibrary('linux', [join(root, 'none'), `${root}/*/faketime`])).toBe(
			join(root, 'x86_64-linux-gnu/faketime/libfaketimeMT.so.1'),
		);
		expect(await findClockLibrary('darwin', [join(root, 'plain')])).toBe(join(root, 'plain/libfaketime.1.dylib'));
	});

	it('is not found where there is none, as a folder, or under a path that the loader would split', async () => {
		for (const folder of ['none', 'none/*/faketime', 'plain', 'with space'])
			expect(await findClockLibrary('linux', [join(root, folder)]), folder).toBeUndefined();
	});

	it('is loaded before what is loaded already, and on Linux with the C library, without which jemalloc would hang', () => {
		const environment = clockEnvironment('/lib/faketime.so', '/tmp/clock', 'linux', {LD_PRELOAD: 'other.so'});
		expect(environment).toMatchObject({
			LD_PRELOAD: '/lib/faketime.so:libc.so.6:other.so',
			FAKETIME_TIMESTAMP_FILE: '/tmp/clock',
			FAKETIME_DONT_FAKE_MONOTONIC: '1',
		});
		expect(clockEnvironment('/lib/faketime.dylib', '/tmp/clock', 'darwin', {})).toMatchObject({
			DYLD_INSERT_LIBRARIES: '/lib/faketime.dylib',
			DYLD_FORCE_FLAT_NAMESPACE: '1',
		});
	});

	it('reads seconds with a sign', () => {
		expect([250, -2000, 0].map(clockFileText)).toEqual(['+0.250\n', '-2.000\n', '+0.000\n']);
	});
});
