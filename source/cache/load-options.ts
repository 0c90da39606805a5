import {milliseconds} from './duration.js';
import {checkTags} from './keys.js';
import {share} from './ttl-policy.js';
import type {GetOrSetOptions} from './types.js';

const durations = ['ttl', 'grace', 'negativeTtl', 'softTimeout', 'hardTimeout'] as const;

/** Checked before anything is read or loaded: a mistake shows at the first miss, not only when a value is to be stored. */
export function checkLoadOptions(options: GetOrSetOptions): void {
	if (options.tags !== undefined) checkTags(options.tags);
	if (options.refreshAhead !== undefined) share(options.refreshAhead, 'refreshAhead');
	for (const name of durations) {
		const duration = options[name];
		if (duration !== undefined) milliseconds(duration, name);
	}
}
