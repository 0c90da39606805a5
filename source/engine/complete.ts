import {faultKinds} from '../faults/catalogue.js';
import {keyPage} from '../inspect/keys/key-page.js';
import {literalGlob} from '../inspect/keys/scan.js';
import type {ArgumentKind} from './command-spec.js';
import {findCommand} from './command-specs.js';
import type {CommandContext} from './commands/command.js';

/** Items in one list of completions. */
const limit = 50;

/** Keys that begin as it was typed, from which on no others are looked for. */
const enough = 10;

/** Keys that begin so; where they are few, those that have the characters in this order, too. */
async function keysLike(context: CommandContext, group: string, prefix: string): Promise<readonly string[]> {
	const own = group === 'cache' ? context.session.testBed.keyPrefix : '';
	const look = async (rest: string) => {
		const pattern = `${literalGlob(own)}${rest}`;
		const page = await keyPage(context.session.inspector, {pattern, rows: limit, budgetMs: 50});
		return page.rows.flatMap(({key}) => (key.startsWith(own) ? [key.slice(own.length)] : [])).sort();
	};
	const begun = await look(`${literalGlob(prefix)}*`);
	if (prefix === '' || begun.length >= enough) return begun.slice(0, limit);
	const fuzzy = await look(`*${Array.from(prefix, literalGlob).join('*')}*`);
	return [...new Set([...begun, ...fuzzy])].slice(0, limit);
}

async function candidates(context: CommandContext, kind: ArgumentKind): Promise<readonly string[]> {
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
			return ['redis://127.0.0.1:6379', 'private'];
		default:
			return [];
	}
}

/** What may stand at the place `index` of a command's arguments. Never rejects: without Redis there are no key names. */
export async function complete(
	context: CommandContext,
	name: string,
	index: number,
	prefix: string,
): Promise<readonly string[]> {
	const spec = findCommand(name);
	const last = spec?.args.at(-1);
	const argument = spec?.args[index] ?? (last?.rest ? last : undefined);
	if (!spec || !argument) return [];
	if (argument.choices) return argument.choices.filter((choice) => choice.startsWith(prefix));
	// Only the first word after `outage` names the fault; what follows are its parameters.
	if (argument.kind === 'fault' && index > 0) return 'for'.startsWith(prefix) ? ['for'] : [];
	try {
		if (argument.kind === 'key') return await keysLike(context, spec.group, prefix);
		const all = await candidates(context, argument.kind);
		return all
			.filter((item) => item.startsWith(prefix))
			.sort()
			.slice(0, limit);
	} catch {
		return [];
	}
}
