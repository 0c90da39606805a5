import {fstatSync} from 'node:fs';
import {exitCodes} from './exit-code.js';

/** Standard output and error of the program. A reader that goes away ends the program, quietly. */
export type Output = {
	out(text: string): void;
	err(text: string): void;
	/** Aborted when nobody reads standard output any more, or it cannot be written. */
	readonly broken: AbortSignal;
	/** Whether standard output could not be written: a full disk. It was said on standard error. */
	readonly failed: boolean;
};

/** Whether standard output and error have the same reader, as after `2>&1`. */
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
			// The program may be over already, but for this.
			process.exitCode = exitCodes.failed;
			process.stderr.write(
				`redis-cache-tui: standard output cannot be written (${error.code ?? error.name}): send it elsewhere\n`,
			);
		}
		broken.abort();
	});
	// Without a reader of errors there is nobody to tell; in a pipe of both there is nobody left at all.
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
