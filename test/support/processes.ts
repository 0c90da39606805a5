import {execFileSync} from 'node:child_process';

/** A column of `ps` for one process; empty if there is no such process. */
function ask(pid: number, column: string): string {
	try {
		return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {encoding: 'utf8'}).trim();
	} catch {
		return '';
	}
}

/** True while the process runs or is stopped; false for a zombie. */
export function isAlive(pid: number): boolean {
	const state = ask(pid, 'stat');
	return state !== '' && !state.startsWith('Z');
}

export function parentOf(pid: number): number {
	return Number(ask(pid, 'ppid'));
}

export function childrenOf(pid: number): readonly number[] {
	const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], {encoding: 'utf8'}).trim().split('\n');
	return lines.flatMap((line) => {
		const [child = 0, parent] = line.trim().split(/\s+/).map(Number);
		return parent === pid && isAlive(child) ? [child] : [];
	});
}
