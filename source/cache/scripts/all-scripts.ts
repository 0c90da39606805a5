import {deleteScript, expireScript, reconcileScript, setScript, timeScript} from './key-scripts.js';
import {fillScript, leaseScript, releaseScript, renewScript} from './lease-scripts.js';
import type {Script} from './script.js';

export const allScripts: readonly Script[] = [
	setScript,
	deleteScript,
	expireScript,
	timeScript,
	reconcileScript,
	leaseScript,
	fillScript,
	renewScript,
	releaseScript,
];
