import {onTestFinished} from 'vitest';
import {type Child, startChild} from './child.js';

/** Starts a child process that is killed after the test. */
export const openChild = async (script: URL): Promise<Child> => {
	const child = await startChild(script);
	onTestFinished(() => child.kill());
	return child;
};
