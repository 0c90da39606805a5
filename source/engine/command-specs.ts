import type {ArgumentKind, ArgumentSpec, CommandSpec} from './command-spec.js';
import {cacheSpecs} from './specs/cache-specs.js';
import {screenSpecs} from './specs/screen-specs.js';
import {serverSpecs} from './specs/server-specs.js';
import {trafficSpecs} from './specs/traffic-specs.js';

/** Every command there is, in the order in which help shows them. Pure data: the engine's handlers and the screen's are elsewhere. */
export const commandSpecs: readonly CommandSpec[] = [...cacheSpecs, ...serverSpecs, ...trafficSpecs, ...screenSpecs];

const byName = new Map(
	commandSpecs.flatMap((spec) => [spec.name, ...(spec.aliases ?? [])].map((name) => [name, spec] as const)),
);

/** The command of a name or an alias. */
export function findCommand(name: string): CommandSpec | undefined {
	return byName.get(name.toLowerCase());
}

/** More alternatives than this are told by their name. */
const maxAlternatives = 6;

/** `<key>`, `<value…>`, `on|off`; a word that is always the same stands for itself. */
function placeOf({name, choices = [], rest}: ArgumentSpec): string {
	const [only] = choices;
	if (only !== undefined && choices.length === 1) return only;
	if (choices.length > 0 && choices.length <= maxAlternatives) return `<${choices.join('|')}>`;
	return `<${name}${rest ? '…' : ''}>`;
}

/** `set <key> <value> [ttl] [tag…]`, `checkout hold <count> [for <time>]` */
export function usageOf(spec: CommandSpec): string {
	const words: string[] = [];
	for (let index = 0; index < spec.args.length; index++) {
		const argument = spec.args[index] as ArgumentSpec;
		const next = spec.args[index + 1];
		if (!argument.optional) {
			words.push(placeOf(argument));
		} else if (argument.choices?.length === 1 && next) {
			words.push(`[${placeOf(argument)} ${placeOf(next)}]`);
			index++;
		} else {
			words.push(`[${placeOf(argument).replace(/^<(.*)>$/, '$1')}]`);
		}
	}
	return [spec.name, ...words].join(' ');
}

const asks: Readonly<Record<ArgumentKind, string>> = {
	key: 'the name of a key',
	value: 'a value',
	duration: 'a time such as 30s or 5m',
	number: 'a number',
	url: 'the URL of a Redis, such as redis://127.0.0.1:6379, or the word private',
	tag: 'the name of a tag',
	fault: 'the name of a fault, such as blackhole',
	'fault-in-force': 'the name of a fault that is in force',
	drill: 'the name of a drill, or its file',
	choice: 'a word',
	text: 'a text',
	command: 'a command',
};

function asksFor({kind, choices = [], asks: own}: ArgumentSpec): string {
	if (own !== undefined) return own;
	if (choices.length === 0) return asks[kind];
	const last = choices.at(-1);
	return choices.length === 1 ? `the word ${last}` : `one of ${choices.slice(0, -1).join(', ')} or ${last}`;
}

/** Why a command cannot be run with so many words after its name, and what to write; undefined when it can. */
export function wordsProblem(spec: CommandSpec, count: number): string | undefined {
	const missing = spec.args.filter((argument) => !argument.optional)[count];
	if (missing) return `${spec.name} needs ${asksFor(missing)}; write: ${usageOf(spec)}`;
	if (spec.args.at(-1)?.rest || count <= spec.args.length) return undefined;
	return `these are too many words; write: ${usageOf(spec)}, and put what has blanks in quotes`;
}
