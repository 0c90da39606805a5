import type {Terminal} from '../../support/terminal.js';
import type {Figure} from '../budget.js';
import {openRunningDashboard, pause, quit} from './dashboard.js';

const count = (text: string, part: string) => text.split(part).length - 1;

/** `ESC[2J` and `ESC[3J` clear what is there; entering the alternate screen begins with an empty one. */
const clears = ({output}: Terminal) => count(output, '\u001B[2J') + count(output, '\u001B[3J');
const entries = ({output}: Terminal) => count(output, '\u001B[?1049h');

/** A screen that is cleared flickers: once where everything changes, never while it runs. */
export async function measureClears(): Promise<readonly Figure[]> {
	const terminal = await openRunningDashboard();
	const atStart = clears(terminal) + entries(terminal);
	await pause(5000);
	await terminal.press('2', '3', '4', '5', '6', '1', 'o', 'esc', '?', 'esc', 'p', 'p');
	await pause(1000);
	const running = clears(terminal) + entries(terminal) - atStart;
	terminal.resize(100, 30);
	await terminal.waitFor((screen) => (screen.split('\n').at(-1) ?? '').includes('outage'));
	await pause(1000);
	const resized = clears(terminal) + entries(terminal) - atStart - running;
	const before = entries(terminal);
	await terminal.press('ctrl+z');
	await terminal.waitFor(() => entries(terminal) > before);
	await pause(1000);
	const resumed = clears(terminal) + entries(terminal) - atStart - running - resized;
	await quit(terminal);
	return [
		{what: 'at the start', value: atStart, unit: '', budget: 1},
		{what: 'in 5 s of charts, in six views, two overlays and a pause', value: running, unit: '', budget: 0},
		{what: 'for a resize', value: resized, unit: '', budget: 1},
		{what: 'for a resume after Ctrl-Z', value: resumed, unit: '', budget: 1},
	];
}
