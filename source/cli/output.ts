import {fstatSync} from 'node:fs';
import {exitCodes} from './exit-code.js';

/** Standard output and error of the program. */
export type Output = {
	out(text: string): void;
	err(text: string): void;
	/** Aborted when standard output cannot be written any more: its reader has closed it, or the disk is full. */
	readonly broken: AbortSignal;
	/** True if writing standard output failed for another reason than a closed pipe. Reported on standard error. */
	readonly failed: boolean;
};

/** True if standard output and error have the same reader, as after `2>&1`. */
function isOnePipe(): boolean {
	const [out, err] = [fstatSync(1), fstatSync(2)];
	return out.ino === err.ino && out.dev === err.dev;
}

export function openOutput(): Output {
	const broken = new AbortController();
	let failed = false;
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE' && !failed) {
			failed = true;
			// The program may have returned its exit code already.
			process.exitCode = exitCodes.failed;
			process.stderr.write(
				`redis-cache-tui: standard output cannot be written (${error.code ?? error.name}): redirect it to another place\n`,
			);
		}
		broken.abort();
	});
	// A closed standard error is ignored, unless standard output has the same reader, and so is closed too.
	process.stderr.on('error', () => {
		if (isOnePipe()) broken.abort();
	});
	return {
		out: (text) => {
			if (!broken.signal.aborted) process.stdout.write(text);
		},
		err: (text) => {
			process.stderr.write(text);
		},
		broken: broken.signal,
		get failed() {
			return failed;
		},
	};
}
