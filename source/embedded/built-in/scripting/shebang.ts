import {CommandError} from '../commands/command-error.js';

export type ScriptFlags = {
	/** True for a script without a shebang line, to which the rules before Redis 7 apply. */
	readonly compatible: boolean;
	readonly noWrites: boolean;
	readonly allowOom: boolean;
};

const known = new Set(['no-writes', 'allow-oom', 'allow-stale', 'no-cluster', 'allow-cross-slot-keys']);

/** Parses a line `#!lua flags=no-writes,allow-oom`, and empties it, so that lines keep their numbers. */
export function readShebang(source: string): {readonly body: string; readonly flags: ScriptFlags} {
	if (!source.startsWith('#!')) return {body: source, flags: {compatible: true, noWrites: false, allowOom: false}};
	const end = source.indexOf('\n');
	if (end < 0) throw new CommandError('ERR Invalid script shebang');
	const [engine = '', ...options] = source.slice(0, end).trim().split(/\s+/);
	if (engine !== '#!lua') throw new CommandError(`ERR Unexpected engine in script shebang: ${engine}`);
	const flags = new Set<string>();
	for (const option of options) {
		if (!option.startsWith('flags=')) throw new CommandError(`ERR Unknown lua shebang option: ${option}`);
		const list = option.slice('flags='.length);
		for (const flag of list === '' ? [] : list.split(',')) {
			if (!known.has(flag)) throw new CommandError(`ERR Unexpected flag in script shebang: ${flag}`);
			flags.add(flag);
		}
	}
	const noWrites = flags.has('no-writes');
	return {body: source.slice(end), flags: {compatible: false, noWrites, allowOom: flags.has('allow-oom') || noWrites}};
}
