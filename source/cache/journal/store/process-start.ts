import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/**
 * The start time of a process, as text for comparison: with the process id it identifies one process. Empty where the
 * system does not report it.
 */
export function processStart(pid: number): string {
	try {
		return process.platform === 'linux' ? startOnLinux(pid) : startFromPs(pid);
	} catch {
		return '';
	}
}

/** Clock ticks since the boot, and the id of the boot: a restarted container often uses the same process id again. */
function startOnLinux(pid: number): string {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// The name of the program is in parentheses, and may contain parentheses itself; the fields after it are number 3 and up.
	const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3];
	return `${ticks} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
}

function startFromPs(pid: number): string {
	if (process.platform === 'win32') return '';
	const options = {encoding: 'utf8', env: {...process.env, LC_ALL: 'C', TZ: 'UTC'}, timeout: 2000} as const;
	return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim();
}
