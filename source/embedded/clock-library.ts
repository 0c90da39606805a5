import {readdir, stat} from 'node:fs/promises';
import {delimiter} from 'node:path';

/** Folders of the library in Debian, Fedora and Arch, in Alpine, and after a manual build; `*` stands for the architecture. */
const linuxFolders = [
	'/usr/lib/*/faketime',
	'/usr/lib64/faketime',
	'/usr/lib/faketime',
	'/usr/lib',
	'/usr/local/lib/faketime',
];
const macFolders = ['/opt/homebrew/lib/faketime', '/usr/local/lib/faketime'];

/** Finds libfaketime, which changes the time that a server sees. Its build for programs with several threads is preferred. */
export async function findClockLibrary(
	platform: NodeJS.Platform = process.platform,
	folders: readonly string[] = platform === 'darwin' ? macFolders : linuxFolders,
): Promise<string | undefined> {
	const names =
		platform === 'darwin'
			? ['libfaketimeMT.1.dylib', 'libfaketime.1.dylib']
			: ['libfaketimeMT.so.1', 'libfaketime.so.1'];
	for (const folder of (await Promise.all(folders.map(expand))).flat()) {
		for (const name of names) {
			const file = `${folder}/${name}`;
			// The dynamic loader splits its list of libraries at blanks and colons.
			if (!/[\s:]/.test(file) && (await isFile(file))) return file;
		}
	}
	return undefined;
}

async function expand(folder: string): Promise<readonly string[]> {
	const [before = '', after] = folder.split('*');
	if (after === undefined) return [folder];
	const names = await readdir(before).catch(() => []);
	return names.sort().map((name) => `${before}${name}${after}`);
}

async function isFile(file: string): Promise<boolean> {
	try {
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
}

/**
 * The environment of a server whose clock has the offset that a file contains, from the next reading of the clock on. The
 * monotonic clock, by which Redis measures durations, is not changed.
 *
 * @param file In a form that the environment may have, such as with a placeholder for its folder.
 */
export function clockEnvironment(
	library: string,
	file: string,
	platform: NodeJS.Platform = process.platform,
	inherited: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
	const settings = {FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1'};
	const join = (...libraries: readonly (string | undefined)[]) =>
		libraries.filter((each) => each !== undefined && each !== '').join(delimiter);
	if (platform === 'darwin')
		return {
			...settings,
			DYLD_INSERT_LIBRARIES: join(library, inherited.DYLD_INSERT_LIBRARIES),
			DYLD_FORCE_FLAT_NAMESPACE: '1',
		};
	// Prevents a deadlock at the start: libfaketime allocates memory while it looks up the real functions, and jemalloc, the
	// allocator of Redis, reads the clock while it initializes. With the C library first in the list, jemalloc is not used.
	return {...settings, LD_PRELOAD: join(library, 'libc.so.6', inherited.LD_PRELOAD)};
}

/** The content of the file for a clock that is this many milliseconds ahead of the real time; negative: behind. */
export function clockFileText(offsetMs: number): string {
	return `${offsetMs < 0 ? '-' : '+'}${(Math.abs(offsetMs) / 1000).toFixed(3)}\n`;
}
