import {readFileSync} from 'node:fs';

/**
 * Milliseconds that the main thread of a process has run so far; undefined where the system does not tell. Other work
 * on the machine does not count in it, as it does in any measure by the clock.
 */
export function mainThreadMs(pid: number): number | undefined {
	try {
		const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
		return Number(nanoseconds) / 1e6;
	} catch {
		return undefined;
	}
}
