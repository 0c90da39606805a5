import type {ViewName} from '../state/names.js';
import {faults} from './faults/faults.js';
import {keys} from './keys/keys.js';
import {log} from './log.js';
import {pool} from './pool.js';
import type {ScreenEntry} from './screen.js';
import {server} from './server.js';

export const screens: Readonly<Record<Exclude<ViewName, 'overview'>, ScreenEntry>> = {
	keys,
	pool,
	server,
	faults,
	log,
};
