import type {ArgumentKind, ArgumentSpec, NamedSpec} from './command-spec.js';

type Usable = Pick<NamedSpec, 'name' | 'args'>;

/** A choice with more alternatives is shown by the name of the argument. */
const maxAlternatives = 6;

/** `<key>`, `<value…>`, `<on|off>`; an argument with a single choice is that word. */
function placeholder({name, choices = [], rest}: ArgumentSpec): string {
	const [only] = choices;
	if (only !== undefined && choices.length === 1) return only;
	if (choices.length > 0 && choices.length <= maxAlternatives) return `<${choices.join('|')}>`;
	return `<${name}${rest ? '…' : ''}>`;
}

/** The usage line of a command: `set <key> <value> [ttl] [tag…]`, `checkout hold <count> [for <time>]`. */
export function usageOf({name, args}: Usable): string {
	const words: string[] = [];
	for (let index = 0; index < args.length; index++) {
		const argument = args[index] as ArgumentSpec;
		const next = args[index + 1];
		if (!argument.optional) {
			words.push(placeholder(argument));
		} else if (argument.choices?.length === 1 && next) {
			words.push(`[${placeholder(argument)} ${placeholder(next)}]`);
			index++;
		} else {
			words.push(`[${placeholder(argument).replace(/^<(.*)>$/, '$1')}]`);
		}
	}
	return [name, ...words].join(' ');
}

const asks: Readonly<Record<ArgumentKind, string>> = {
	key: 'the name of a key',
	value: 'a value',
	duration: 'a time such as 30s or 5m',
	number: 'a number',
	url: 'the name of a connection, a URL such as redis://127.0.0.1:6379, or the word private',
	tag: 'the name of a tag',
	fault: 'the name of a fault, such as blackhole',
	'fault-in-force': 'the name of an active fault',
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

/**
 * Checks the number of words after a command's name.
 *
 * @returns The mistake and the right form; undefined when the number fits.
 */
export function wordsProblem(spec: Usable, count: number): string | undefined {
	const missing = spec.args.filter((argument) => !argument.optional)[count];
	if (missing) return `${spec.name} needs ${asksFor(missing)}; write: ${usageOf(spec)}`;
	if (spec.args.at(-1)?.rest || count <= spec.args.length) return undefined;
	return `too many words; write: ${usageOf(spec)}, and quote words that contain spaces`;
}

/** The argument that the word at `index` belongs to; the last one may take all remaining words. */
export function argumentAt({args}: Usable, index: number): ArgumentSpec | undefined {
	const last = args.at(-1);
	return args[index] ?? (last?.rest ? last : undefined);
}
