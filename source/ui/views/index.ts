import type {ViewName} from '../state/names.js';
import {faults} from './faults/faults.js';
import {findings} from './findings.js';
import {keys} from './keys/keys.js';
import {log} from './log.js';
import {pool} from './pool/pool.js';
import {server} from './server/server.js';
import type {ViewEntry} from './view.js';

export const views: Readonly<Record<Exclude<ViewName, 'overview'>, ViewEntry>> = {
	keys,
	pool,
	server,
	faults,
	log,
	findings,
};
