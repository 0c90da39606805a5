import {deleteScript, expireScript, reconcileScript, redateScript, setScript, softDeleteScript} from './key-scripts.js';
import {fillScript, leaseScript, releaseScript, renewScript} from './lease-scripts.js';
import {lookScript} from './look-script.js';
import {clearScript, ensureScript, invalidateScript} from './marker-scripts.js';
import type {Script} from './script.js';

export const allScripts: readonly Script[] = [
	setScript,
	deleteScript,
	softDeleteScript,
	expireScript,
	redateScript,
	reconcileScript,
	clearScript,
	invalidateScript,
	ensureScript,
	lookScript,
	leaseScript,
	fillScript,
	renewScript,
	releaseScript,
];
