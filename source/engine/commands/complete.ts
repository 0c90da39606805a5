import {faultKinds} from '../../faults/catalogue.js';
import {keyPage} from '../../inspect/keys/key-page.js';
import {literalGlob} from '../../inspect/keys/scan.js';
import type {ArgumentKind, CommandGroup} from '../specs/command-spec.js';
import {findCommand, specOf} from '../specs/command-specs.js';
import {argumentAt} from '../specs/usage.js';
import type {CommandContext} from './command.js';

/** Most completions in one reply. */
const limit = 50;

/** If this many keys start with the prefix, keys that only contain its characters are not searched. */
const enough = 10;

/** Milliseconds that one search for key names may scan. */
const scanMs = 50;

/** Keys that start with the prefix; if there are few, also keys that contain its characters in this order. */
async function keysLike(context: CommandContext, group: CommandGroup, prefix: string): Promise<readonly string[]> {
	const own = group === 'cache' ? context.session.keyPrefix : '';
	const search = async (rest: string) => {
		const pattern = `${literalGlob(own)}${rest}`;
		const page = await keyPage(context.session.inspector, {pattern, rows: limit, budgetMs: scanMs});
		return page.rows.flatMap(({key}) => (key.startsWith(own) ? [key.slice(own.length)] : [])).sort();
	};
	const started = await search(`${literalGlob(prefix)}*`);
	if (prefix === '' || started.length >= enough) return started.slice(0, limit);
	const fuzzy = await search(`*${Array.from(prefix, literalGlob).join('*')}*`);
	return [...new Set([...started, ...fuzzy])].slice(0, limit);
}

function candidates(context: CommandContext, kind: ArgumentKind): readonly string[] {
	switch (kind) {
		case 'fault':
			return faultKinds;
		case 'fault-in-force':
			return [...new Set(context.session.faults.active().map(({fault}) => fault.kind))];
		case 'drill':
			return [...context.session.drills.names(), 'stop'];
		case 'duration':
			return ['500ms', '5s', '30s', '1m', '5m', '1h'];
		case 'url':
			return [...context.connections().map(({name}) => name), 'redis://127.0.0.1:6379', 'private'];
		default:
			return [];
	}
}

/**
 * Completes the word at `index` after a command's name. Never rejects: while Redis is unreachable there are no key
 * names.
 */
export async function complete(
	context: CommandContext,
	word: string,
	index: number,
	prefix: string,
): Promise<readonly string[]> {
	const name = findCommand(word);
	if (!name) return [];
	const spec = specOf(name);
	const argument = argumentAt(spec, index);
	if (!argument) return [];
	if (argument.choices) return argument.choices.filter((choice) => choice.startsWith(prefix));
	// The first word names the fault; the following ones are its parameters.
	if (argument.kind === 'fault' && index > 0) return 'for'.startsWith(prefix) ? ['for'] : [];
	try {
		if (argument.kind === 'key' && context.options.tap?.hideKeys) return [];
		if (argument.kind === 'key') return await keysLike(context, spec.group, prefix);
		const all = candidates(context, argument.kind);
		return all
			.filter((item) => item.startsWith(prefix))
			.sort()
			.slice(0, limit);
	} catch {
		return [];
	}
}
