import {deleteScript, expireScript, reconcileScript, redateScript, setScript, softDeleteScript} from './key-scripts.js';
import {leaseReadScript} from './lease-read-script.js';
import {fillScript, leaseScript, releaseScript, renewScript} from './lease-scripts.js';
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
	leaseReadScript,
	leaseScript,
	fillScript,
	renewScript,
	releaseScript,
];
