import {readFileSync} from 'node:fs';

export type ThreadTime = {
	/** Milliseconds that it has run. */
	readonly ran: number;
	/** Milliseconds in which it would have run, had other programs not had the processors. */
	readonly waited: number;
};

/**
 * Of the main thread of a process, so far; undefined where the system does not tell. On a busy machine it says more than
 * any measure by the clock.
 */
export function mainThreadTime(pid: number): ThreadTime | undefined {
	try {
		const [ran, waited] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
		return {ran: Number(ran) / 1e6, waited: Number(waited) / 1e6};
	} catch {
		return undefined;
	}
}

/** The difference between two of them. */
export function timeBetween(before: ThreadTime | undefined, after: ThreadTime | undefined): ThreadTime | undefined {
	return before && after && {ran: after.ran - before.ran, waited: after.waited - before.waited};
}
