import {execFileSync} from 'node:child_process';

/** What `ps` says about one process, or an empty string when there is none. */
function ask(pid: number, column: string): string {
	try {
		return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {encoding: 'utf8'}).trim();
	} catch {
		return '';
	}
}

/** Whether the process runs or is stopped. One that has ended and waits for its parent is not alive. */
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
