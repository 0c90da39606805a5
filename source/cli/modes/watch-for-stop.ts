import {exitCodeOfSignal, exitCodes} from '../exit-code.js';
import type {Output} from '../output.js';
import {onStopSignal} from '../signals.js';

export type Stop = {
	/** The reason why the program has to end; undefined while it may go on. */
	readonly reason: () => {readonly text: string; readonly exitCode: number} | undefined;
	readonly signal: AbortSignal;
	release(): void;
};

/** Watches for a signal and for a closed standard output. A second signal ends the program without a report. */
export function watchForStop(output: Output): Stop {
	const stop = new AbortController();
	let reason: {text: string; exitCode: number} | undefined;
	const end = (text: string, exitCode: number) => {
		if (reason) process.exit(exitCode);
		reason = {text, exitCode};
		stop.abort();
	};
	const release = onStopSignal((signal) => end(`interrupted by ${signal}`, exitCodeOfSignal(signal)));
	const broken = () => end('standard output was closed', exitCodes.brokenPipe);
	output.broken.addEventListener('abort', broken, {once: true});
	return {
		reason: () => reason,
		signal: stop.signal,
		release() {
			release();
			output.broken.removeEventListener('abort', broken);
		},
	};
}
