import {once} from 'node:events';
import {fstatSync} from 'node:fs';
import {type GlyphSet, glyphsOfLocale, inGlyphs} from '../text/glyph-set.js';
import {exitCodes} from './exit-code.js';

/** Standard output and error of the program. */
export type Output = {
	/** The characters of the locale. */
	readonly glyphs: GlyphSet;
	/** Prints text for people, in `glyphs`. */
	out(text: string): void;
	/** Prints JSON or XML, whose encoding does not depend on the locale. */
	data(text: string): void;
	/** Prints text for people on standard error, in the characters of the locale. */
	err(text: string): void;
	/** Resolves when standard output can accept more data: at once, unless its reader is slow. */
	drained(): Promise<void>;
	/** Resolves when the outcome of all writes is known. After that, `broken` and `failed` are final. */
	written(): Promise<void>;
	/** Aborted when standard output can no longer be written: its reader has closed it, or the disk is full. */
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
	const glyphs = glyphsOfLocale(process.env);
	const broken = new AbortController();
	let failed = false;
	const onError = (error: NodeJS.ErrnoException) => {
		if (broken.signal.aborted) return;
		if (error.code !== 'EPIPE') {
			failed = true;
			// The program may have returned its exit code already.
			process.exitCode = exitCodes.outputFailed;
			process.stderr.write(
				`redis-cache-tui: standard output cannot be written (${error.code ?? error.name}): redirect it to another place\n`,
			);
		}
		broken.abort();
	};
	process.stdout.on('error', onError);
	// A closed standard error is ignored, unless standard output has the same reader, and so is closed too.
	process.stderr.on('error', () => {
		if (isOnePipe()) broken.abort();
	});
	let lastWrite = Promise.resolve();
	const data = (text: string) => {
		if (broken.signal.aborted) return;
		lastWrite = new Promise((resolve) => {
			process.stdout.write(text, (error) => {
				// The `error` event is emitted later.
				if (error) onError(error);
				resolve();
			});
		});
	};
	return {
		glyphs,
		out: (text) => data(inGlyphs(text, glyphs)),
		data,
		err: (text) => {
			process.stderr.write(inGlyphs(text, glyphs));
		},
		async drained() {
			if (!process.stdout.writableNeedDrain || broken.signal.aborted) return;
			await once(process.stdout, 'drain', {signal: broken.signal}).catch(() => undefined);
		},
		written: () => lastWrite,
		broken: broken.signal,
		get failed() {
			return failed;
		},
	};
}
