import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** Clock ticks of the kernel in a second, in which it counts the time of processes. */
const ticks = Number(execFileSync('getconf', ['CLK_TCK'], {encoding: 'utf8'}));

export type ProcessCost = {
	/** Seconds that processors have worked on all its threads. */
	readonly seconds: number;
	/** The most resident memory so far, in MB. */
	readonly peakMb: number;
};

/** The cost of a process so far; undefined once it has ended. */
export function costOf(pid: number): ProcessCost | undefined {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
		const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
		if (peak === undefined) return undefined;
		return {seconds: (Number(fields[11]) + Number(fields[12])) / ticks, peakMb: Number(peak) / 1024};
	} catch {
		return undefined;
	}
}
