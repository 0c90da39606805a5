import {execFileSync} from 'node:child_process';

/** @returns For example `Valkey 9.1.2`; `undefined` if the program does not run, or is another one. */
export function versionOf(path: string): string | undefined {
	try {
		const text = execFileSync(path, ['--version'], {
			encoding: 'utf8',
			timeout: 5000,
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		const [, name, version] = /^(Redis|Valkey) server v=(\d+\.\d+\.\d+)/.exec(text) ?? [];
		return name === undefined ? undefined : `${name} ${version}`;
	} catch {
		return undefined;
	}
}
