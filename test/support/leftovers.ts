import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';

type Process = {readonly pid: number; readonly parent: number; readonly command: string; readonly directory: string};

function processes(): Process[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
				const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
				if (state === 'Z') return [];
				const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
				return [{pid: Number(name), parent: Number(parent), command, directory: readlinkSync(`/proc/${name}/cwd`)}];
			} catch {
				return [];
			}
		});
}

/** All living descendants of a process. Linux only. */
export function descendantsOf(pid: number): Process[] {
	const all = processes();
	const found: Process[] = [];
	const parents = new Set([pid]);
	for (let grew = true; grew; ) {
		grew = false;
		for (const each of all) {
			if (parents.has(each.pid) || !parents.has(each.parent)) continue;
			parents.add(each.pid);
			found.push(each);
			grew = true;
		}
	}
	return found;
}

/** The child processes of a program and the directories of its private servers, which must not outlive it. */
export type Belongings = {readonly pids: readonly number[]; readonly directories: readonly string[]};

/** @param before Processes that are not included: those that a test worker had before, such as a bundler. */
export function belongingsOf(pid: number, before: readonly {readonly pid: number}[] = []): Belongings {
	const others = new Set(before.map((process) => process.pid));
	const children = descendantsOf(pid).filter((child) => !others.has(child.pid));
	const directories = children
		.map(({directory}) => directory)
		.filter((path) => /\/redis-cache-tui-[0-9a-f-]{36}$/.test(path));
	return {pids: children.map((child) => child.pid), directories: [...new Set(directories)]};
}

/** Descriptions of the processes and directories that still exist. */
export function leftoversOf({pids, directories}: Belongings): string[] {
	const alive = processes().filter((each) => pids.includes(each.pid));
	return [...alive.map(({pid, command}) => `${pid} ${command}`), ...directories.filter((path) => existsSync(path))];
}
