import {useApp} from 'ink';
import {useEffect} from 'react';
import type {Controller} from '../state/controller.js';
import {suspendToShell} from '../suspend.js';

/** Gives the controller what only the terminal can do: to quit, to be suspended, to be drawn anew. */
export function useHost(controller: Controller): void {
	const {exit, suspendTerminal} = useApp();
	useEffect(() => {
		let isAway = false;
		const leave = async (during: () => Promise<void>) => {
			if (isAway) return;
			isAway = true;
			try {
				await suspendTerminal(during);
			} finally {
				isAway = false;
			}
		};
		return controller.attach({
			quit: () => exit(),
			suspend: () => void leave(suspendToShell),
			redraw: () => void leave(async () => {}),
		});
	}, [controller, exit, suspendTerminal]);
}
