import {programPath} from '../../support/program.js';
import {openTerminal, type Terminal} from '../../support/terminal.js';

/** The program at 120×40 on a Redis of its own, whatever is set in this environment. */
export function openDashboard(...args: readonly string[]): Terminal {
	return openTerminal(process.execPath, [programPath, ...args], {
		columns: 120,
		rows: 40,
		env: {REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8'},
	});
}

/** The same, once its workload runs on a Redis that answers. */
export async function openRunningDashboard(...args: readonly string[]): Promise<Terminal> {
	const terminal = openDashboard(...args);
	await terminal.waitFor(/● connected/, 30_000);
	await terminal.waitFor(/[1-9]\d* calls\/s/, 30_000);
	return terminal;
}

export async function quit(terminal: Terminal): Promise<void> {
	await terminal.press('q');
	await terminal.exited;
	await terminal.close();
}

export const pause = (ms: number): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(resolve, ms);
	});
