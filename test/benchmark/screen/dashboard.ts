import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
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

/** A dashboard with what feeds it. */
export type Dashboard = {readonly terminal: Terminal; readonly close: () => Promise<void>};

/** The dashboard on an application behind the tap. `close` ends both. */
export async function openTapDashboard(perSecond: number): Promise<Dashboard> {
	const terminal = openDashboard('tap', '--listen', '127.0.0.1:0');
	await terminal.waitFor(/tap 127\.0\.0\.1:\d+/, 30_000);
	const port = /tap 127\.0\.0\.1:(\d+)/.exec(terminal.screen())?.[1] ?? '';
	const application = fileURLToPath(new URL('./application-process.ts', import.meta.url));
	const child = spawn(process.execPath, ['--import', 'tsx', application, port, String(perSecond)], {stdio: 'ignore'});
	await terminal.waitFor(/[1-9][\d,]* commands\/s/, 30_000);
	return {
		terminal,
		async close() {
			child.kill();
			await quit(terminal);
		},
	};
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
