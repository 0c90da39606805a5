import {useApp, useInput, usePaste, useStdout} from 'ink';
import {useEffect} from 'react';
import type {Controller} from '../controller.js';
import {keystrokesOf} from '../input/keystroke.js';
import {copyToClipboard} from '../terminal/copy.js';
import {editInEditor} from '../terminal/editor.js';
import {suspendToShell} from '../terminal/suspend.js';

/** Connects keyboard, pastes and the terminal itself to the controller. */
export function useControls(controller: Controller): void {
	useHost(controller);
	useTicks(controller);
	useInput((input, key) => {
		if (key.eventType === 'release') return;
		controller.send(
			...keystrokesOf(input, key).map((keystroke) => ({type: 'keystroke' as const, keystroke: keystroke})),
		);
	});
	usePaste((text) => controller.send({type: 'paste', text}));
}

const tickMs = 1000;

/** Sends the controller a tick every second, for data that is read periodically. */
function useTicks(controller: Controller): void {
	useEffect(() => {
		const timer = setInterval(() => controller.send({type: 'tick'}), tickMs);
		return () => clearInterval(timer);
	}, [controller]);
}

/** Lets the controller quit, suspend, redraw, copy and edit through Ink. */
function useHost(controller: Controller): void {
	const {exit, suspendTerminal} = useApp();
	const {stdout} = useStdout();
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
			edit: (text, suffix) =>
				new Promise((resolve, reject) => {
					void leave(() => editInEditor(text, suffix).then(resolve, reject));
				}),
			copy: (text) => copyToClipboard(stdout, text),
		});
	}, [controller, exit, suspendTerminal, stdout]);
}
