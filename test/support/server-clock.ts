import {execFileSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe} from 'vitest';
import {realRedisVersion} from './real-redis.js';
import {patienceMs} from './until.js';

const source = fileURLToPath(new URL('clock-offset.c', import.meta.url));

function hasCompiler(): boolean {
	try {
		execFileSync('cc', ['--version'], {stdio: 'ignore', timeout: patienceMs});
		return process.platform === 'linux';
	} catch {
		return false;
	}
}

/** True if tests can set the clock of a server, which requires Linux, a C compiler, and a real Redis. */
export const canSetClocks = realRedisVersion !== undefined && hasCompiler();

/** For tests that set the clock of a server. */
export const describeClocks = describe.skipIf(!canSetClocks);

/** Controls the clock of a server that was started with `env`. */
export type ServerClockControl = {
	/** Environment variables for the server. */
	readonly env: Readonly<Record<string, string>>;
	/** Sets the clock this many milliseconds ahead of the real time; negative: behind. It takes effect at once. */
	set(ms: number): void;
	close(): void;
};

let library: string | undefined;

/** Compiles the library that shifts the clock of a process, once. */
function compile(): string {
	if (library !== undefined) return library;
	const directory = mkdtempSync(join(tmpdir(), 'rct-clock-'));
	process.once('exit', () => rmSync(directory, {recursive: true, force: true}));
	library = join(directory, 'clock-offset.so');
	execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
	return library;
}

export function createServerClock(): ServerClockControl {
	const directory = mkdtempSync(join(tmpdir(), 'rct-clock-'));
	const path = join(directory, 'offset');
	const fd = openSync(path, 'w');
	const set = (ms: number): void => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(BigInt(Math.round(ms * 1000)));
		writeSync(fd, bytes, 0, 8, 0);
	};
	set(0);
	return {
		env: {LD_PRELOAD: compile(), CLOCK_OFFSET_FILE: path},
		set,
		close() {
			closeSync(fd);
			rmSync(directory, {recursive: true, force: true});
		},
	};
}
