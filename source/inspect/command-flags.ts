import {listOf, type Sender, textOf} from './sender.js';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Commands that do not write although the server does not flag them as `readonly`. */
const harmless = words(
	`command dbsize echo info lastsave ping role time lolwut client|list client|info client|id client|getname config|get
	slowlog|get slowlog|len memory|stats memory|doctor latency|latest latency|history latency|doctor latency|histogram latency|graph acl|whoami
	script|exists cluster|info cluster|nodes cluster|slots cluster|shards module|list`,
);

/** Commands that change the state of a connection, and so must not be sent on a shared one. */
const stateful = words(
	`multi exec discard watch unwatch monitor subscribe unsubscribe psubscribe punsubscribe ssubscribe sunsubscribe
	sync psync hello reset quit select auth client|reply client|tracking client|no-evict wait waitaof`,
);

/**
 * The class of a command: a `stateful` one changes or blocks its connection, an `unknown` one may write (scripts,
 * modules, commands that the server does not know).
 */
type CommandClass = 'reads' | 'writes' | 'unknown' | 'stateful';

type Description = {
	readonly name: string;
	readonly flags: ReadonlySet<string>;
	/** ACL categories, with `@`; none before Redis 6. */
	readonly categories: ReadonlySet<string>;
	readonly subcommands: readonly Description[];
};

function describe(reply: unknown): Description | undefined {
	const fields = listOf(reply);
	if (fields.length === 0) return undefined;
	return {
		name: textOf(fields[0]).toLowerCase(),
		flags: new Set(listOf(fields[2]).map(textOf)),
		categories: new Set(listOf(fields[6]).map(textOf)),
		subcommands: listOf(fields[9])
			.map(describe)
			.filter((item) => item !== undefined),
	};
}

/** The class of a command. */
export type CommandVerdict = {
	readonly kind: CommandClass;
	/** True if it may block every client or change the server itself: `KEYS`, `FLUSHALL`, `CONFIG SET`. */
	readonly isDangerous: boolean;
};

const connectionCommand: CommandVerdict = {kind: 'stateful', isDangerous: false};

/** Classifies a command by the flags and categories of COMMAND INFO. */
export async function classifyCommand(sender: Sender, command: readonly string[]): Promise<CommandVerdict> {
	const [name = '', sub = '', ...rest] = command.map((word) => word.toLowerCase());
	const full = `${name}|${sub}`;
	if (stateful.has(name) || stateful.has(full)) return connectionCommand;
	const description = describe(listOf(await sender.send('COMMAND', ['INFO', name]))[0]);
	if (!description) return {kind: 'unknown', isDangerous: false};
	const {flags, categories} = description.subcommands.find((item) => item.name === full) ?? description;
	const blocks = flags.has('blocking') && (!name.startsWith('xread') || [sub, ...rest].includes('block'));
	if (blocks) return connectionCommand;
	const isHarmless = harmless.has(name) || harmless.has(full);
	const isDangerous = !isHarmless && (categories.has('@dangerous') || flags.has('admin'));
	if (flags.has('write')) return {kind: 'writes', isDangerous};
	if (flags.has('readonly') || isHarmless) return {kind: 'reads', isDangerous};
	return {kind: flags.has('admin') ? 'writes' : 'unknown', isDangerous};
}
