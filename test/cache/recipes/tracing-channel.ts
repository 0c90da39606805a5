import {subscribe} from 'node:diagnostics_channel';
import type {ReadTrace} from '../../../source/index.js';

subscribe('tracing:redis-cache-tui:getOrSet:asyncEnd', (message) => {
	const {namespace, outcome, source} = message as ReadTrace;
	console.log(namespace, outcome, source); // users miss loader
});
