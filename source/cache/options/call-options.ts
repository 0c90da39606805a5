import type {
	EntryOptions,
	GetOrSetManyOptions,
	GetOrSetOptions,
	InvalidateOptions,
	ReadOptions,
} from '../api/call-types.js';
import {checkTags} from '../keys/check-key.js';
import {checkFlag, checkNames, checkShare, checkSignal, type OptionNames, optionNames} from './checks.js';
import {milliseconds} from './duration.js';

const entryOptions = ['ttl', 'grace', 'tags'];
const entryNames = optionNames(...entryOptions);
const readNames = optionNames('strict', 'signal', 'stale');
const writeNames = optionNames('strict');
const invalidateNames = optionNames('strict', 'soft');
const writeNamesOf: Readonly<Record<string, OptionNames>> = {
	set: optionNames(...entryOptions, 'strict'),
	setMany: optionNames(...entryOptions, 'strict'),
	delete: invalidateNames,
	deleteMany: invalidateNames,
	invalidateTags: invalidateNames,
	clear: invalidateNames,
};
const durations = ['ttl', 'grace', 'negativeTtl', 'softTimeout', 'hardTimeout'] as const;
const loadOptions = [...durations, 'tags', 'strict', 'signal', 'refreshAhead', 'fresh'];
const loadNames = optionNames(...loadOptions);
const loadManyNames = optionNames(...loadOptions, 'partial');

/**
 * Checks the options of a read before it starts, so that a mistake is reported at once, and not when an option is first used.
 * Skipped for calls without options, and for hits of `getOrSet` in memory.
 *
 * @throws {InvalidArgumentError | InvalidDurationError | InvalidKeyError} an option cannot be used; its name is in the
 * message.
 */
export function checkReadOptions(options: ReadOptions, call: string): void {
	checkNames(options, call, readNames);
	checkFlag(options.strict, 'strict');
	checkFlag(options.stale, 'stale');
	checkSignal(options.signal);
}

/** Like {@link checkReadOptions}, for changes. TTLs and tags are checked where they are used, in the same turn. */
export function checkWriteOptions(options: InvalidateOptions, call: string): void {
	checkNames(options, call, writeNamesOf[call] ?? writeNames);
	checkFlag(options.strict, 'strict');
	checkFlag(options.soft, 'soft');
}

/** Like {@link checkReadOptions}, for `getOrSet`. */
export function checkLoadOptions(options: GetOrSetOptions): void {
	checkNames(options, 'getOrSet', loadNames);
	checkLoadValues(options);
}

/** Like {@link checkReadOptions}, for `getOrSetMany`. */
export function checkLoadManyOptions(options: GetOrSetManyOptions): void {
	checkNames(options, 'getOrSetMany', loadManyNames);
	checkFlag(options.partial, 'partial');
	checkLoadValues(options);
}

function checkLoadValues(options: GetOrSetOptions): void {
	checkFlag(options.strict, 'strict');
	checkFlag(options.fresh, 'fresh');
	checkSignal(options.signal);
	if (options.refreshAhead !== undefined) checkShare(options.refreshAhead, 'refreshAhead');
	checkValues(options);
}

/** Like {@link checkReadOptions}, for the options that a loader sets for its value. */
export function checkEntryOptions(options: EntryOptions, call: 'setOptions' | 'keep'): void {
	checkNames(options, call, entryNames);
	checkValues(options);
}

function checkValues(options: GetOrSetOptions): void {
	if (options.tags !== undefined) checkTags(options.tags);
	for (const name of durations) {
		const duration = options[name];
		if (duration !== undefined) milliseconds(duration, name);
	}
}
