import type {EntryOptions, GetOptions, GetOrSetOptions, WriteOptions} from '../api/types.js';
import {checkTags} from '../keys/key-builder.js';
import {checkFlag, checkSignal} from './check-arguments.js';
import {milliseconds} from './duration.js';
import {checkNames, type OptionNames, optionNames} from './option-names.js';
import {share} from './ttl-rules.js';

const ofEntries = ['ttl', 'grace', 'tags'];
const entryNames = optionNames(...ofEntries);
const readNames = optionNames('strict', 'signal');
const writeNames = optionNames('strict');
const setNames = optionNames(...ofEntries, 'strict');
const durations = ['ttl', 'grace', 'negativeTtl', 'softTimeout', 'hardTimeout'] as const;
const loadNames = optionNames(...durations, 'tags', 'strict', 'signal', 'refreshAhead', 'fresh');

/**
 * Options of calls are checked before anything is read, changed or loaded: a mistake shows at once, and not only when an
 * option comes to be used. Calls without options pay nothing for it, nor do hits of `getOrSet` in memory.
 *
 * @throws {InvalidArgumentError | InvalidDurationError | InvalidKeyError} one that cannot be used; its name is in the message.
 */
export function checkReadOptions(options: GetOptions, call: string): void {
	checkNames(options, call, readNames);
	checkFlag(options.strict, 'strict');
	checkSignal(options.signal);
}

/** As {@link checkReadOptions}, for what changes something. TTLs and tags are checked where they are used, in the same turn. */
export function checkWriteOptions(options: WriteOptions, call: string): void {
	const names: OptionNames = call === 'set' || call === 'setMany' ? setNames : writeNames;
	checkNames(options, call, names);
	checkFlag(options.strict, 'strict');
}

/** As {@link checkReadOptions}, for `getOrSet`. */
export function checkLoadOptions(options: GetOrSetOptions): void {
	checkNames(options, 'getOrSet', loadNames);
	checkFlag(options.strict, 'strict');
	checkFlag(options.fresh, 'fresh');
	checkSignal(options.signal);
	if (options.refreshAhead !== undefined) share(options.refreshAhead, 'refreshAhead');
	checkValues(options);
}

/** As {@link checkReadOptions}, for what a loader says of its value. */
export function checkEntryOptions(options: EntryOptions): void {
	checkNames(options, 'setOptions', entryNames);
	checkValues(options);
}

function checkValues(options: GetOrSetOptions): void {
	if (options.tags !== undefined) checkTags(options.tags);
	for (const name of durations) {
		const duration = options[name];
		if (duration !== undefined) milliseconds(duration, name);
	}
}
