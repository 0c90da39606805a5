import {closestMatch} from 'leven';
import meow from 'meow';
import {helpText} from './help-text.js';
import {UsageError} from './usage-error.js';

/** Numbers are parsed as text, so that `read-value.ts` can name the flag and the allowed values in its error. */
const definitions = {
	url: {type: 'string'},
	connection: {type: 'string'},
	ca: {type: 'string'},
	cert: {type: 'string'},
	key: {type: 'string'},
	insecure: {type: 'boolean'},
	deadline: {type: 'string'},
	embedded: {type: 'boolean'},
	private: {type: 'string'},
	faketime: {type: 'boolean'},
	readOnly: {type: 'boolean'},
	namespace: {type: 'string'},
	rate: {type: 'string'},
	keys: {type: 'string'},
	theme: {type: 'string'},
	glyphs: {type: 'string'},
	fps: {type: 'string'},
	report: {type: 'string'},
	json: {type: 'boolean'},
	scanRate: {type: 'string'},
	delimiter: {type: 'string'},
	pattern: {type: 'string'},
	subject: {type: 'string'},
	listen: {type: 'string'},
	probe: {type: 'string', isMultiple: true},
	probeMethod: {type: 'string'},
	probeHeader: {type: 'string', isMultiple: true},
	probeStatus: {type: 'string'},
	probeTimeout: {type: 'string'},
	for: {type: 'string'},
	lines: {type: 'boolean'},
	output: {type: 'string'},
	hideKeys: {type: 'boolean'},
	once: {type: 'boolean'},
	printConfig: {type: 'boolean'},
	version: {type: 'boolean', shortFlag: 'v'},
	help: {type: 'boolean', shortFlag: 'h'},
} as const;

type FlagName = keyof typeof definitions;
type FlagValue<Name extends FlagName> = (typeof definitions)[Name] extends {isMultiple: true}
	? readonly string[]
	: (typeof definitions)[Name]['type'] extends 'string'
		? string
		: boolean;

export type Flags = {readonly [Name in FlagName]?: FlagValue<Name> | undefined};

type Arguments = {
	readonly words: readonly string[];
	readonly flags: Flags;
	readonly help: string;
	readonly version: string;
};

const dashed = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const known = Object.keys(definitions).map(dashed);

/** Boolean flags in both spellings: `--readOnly`, `--read-only`. */
const switches: ReadonlySet<string> = new Set(
	Object.entries(definitions)
		.filter(([, {type}]) => type === 'boolean')
		.flatMap(([name]) => [`--${name}`, dashed(name)]),
);

/**
 * Parses the command line.
 *
 * @throws {UsageError} A flag is unknown, given twice, lacks its value, or has one but takes none.
 */
export function parseArguments(argv: readonly string[]): Arguments {
	checkSwitches(argv);
	const parsed = parse(argv);
	for (const [name, value] of Object.entries(parsed.flags)) {
		const definition: {type: string} | undefined = Object.hasOwn(definitions, name)
			? definitions[name as FlagName]
			: undefined;
		if (!definition) throw new UsageError(unknownFlag(name));
		const values: readonly unknown[] = Array.isArray(value) ? value : [value];
		if (definition.type === 'string' && values.includes(''))
			throw new UsageError(`${dashed(name)} needs a value; see --help`);
	}
	return {
		words: parsed.input,
		flags: parsed.flags,
		help: `${parsed.help.trim()}\n`,
		version: parsed.pkg.version ?? 'unknown',
	};
}

function parse(argv: readonly string[]) {
	try {
		return meow(helpText, {
			importMeta: import.meta,
			argv: [...argv],
			flags: definitions,
			autoHelp: false,
			autoVersion: false,
			booleanDefault: undefined,
			helpIndent: 0,
			description: false,
		});
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error), {cause: error});
	}
}

/** Refuses `--read-only=yes`, which the parser would read as false. */
function checkSwitches(argv: readonly string[]): void {
	const end = argv.indexOf('--');
	for (const argument of end < 0 ? argv : argv.slice(0, end)) {
		const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(argument) ?? [];
		if (name === undefined || value === 'true' || value === 'false') continue;
		if (switches.has(name)) throw new UsageError(`${name} takes no value: write it alone, or leave it out`);
	}
}

function unknownFlag(name: string): string {
	const flag = name.length === 1 ? `-${name}` : dashed(name);
	// In a short flag, three different letters are no typing mistake.
	const meant = closestMatch(flag, known, {maxDistance: Math.min(3, Math.floor((flag.length - 2) / 2))});
	return meant ? `unknown flag ${flag}; did you mean ${meant}?` : `unknown flag ${flag}; see --help`;
}
