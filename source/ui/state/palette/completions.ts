import {argumentAt, usageOf} from '../../../engine/specs/usage.js';
import {faultCatalogue} from '../../../faults/catalogue.js';
import {isSameWord} from '../../../text/same-word.js';
import {fuzzyFilter} from '../../input/fuzzy.js';
import type {Line} from '../../input/line-editor.js';
import {quoteWord, splitLine} from '../../input/split-command.js';
import type {Command, Context} from '../command.js';
import {findTyped, writeRefusal} from '../gate.js';
import type {PaletteState} from '../ui-state.js';

export type Candidate = {
	readonly text: string;
	readonly summary: string;
	/** Indexes of the characters of `text` that match what was typed. */
	readonly positions: readonly number[];
	/** True for a command that writes in a read-only session. */
	readonly isRefused: boolean;
};

/** A request to the engine to complete the word under the cursor. */
type Question = {readonly id: string; readonly name: string; readonly index: number; readonly prefix: string};

type Completions = {
	readonly candidates: readonly Candidate[];
	readonly question?: Question;
	/** The usage line of the command. */
	readonly usage?: string;
};

type Item = readonly [text: string, summary: string];

const limit = 50;
const exampleTimes = ['5s', '10s', '30s', '1m', '5m', '1h'];

/** The word under the cursor. */
type WordAt = {
	readonly index: number;
	/** Its text up to the cursor. */
	readonly prefix: string;
	readonly start: number;
	/** The words before it. */
	readonly before: readonly string[];
};

function wordAt(line: Line): WordAt {
	const {words} = splitLine(line.before);
	const last = words.at(-1);
	const isInWord = last !== undefined && last.end === line.before.length && !/\s$/u.test(line.before);
	const before = (isInWord ? words.slice(0, -1) : words).map((word) => word.text);
	return {
		index: before.length,
		prefix: isInWord ? last.text : '',
		start: isInWord ? last.start : line.before.length,
		before,
	};
}

function matching(prefix: string, items: readonly Item[]): Candidate[] {
	const summaries = new Map(items);
	const found = fuzzyFilter(prefix, [...summaries.keys()], limit);
	// A hyphen in a word is ignored.
	const shown = found.length > 0 ? found : fuzzyFilter(prefix.replaceAll(/[-_]/g, ''), [...summaries.keys()], limit);
	return shown.map(({item, positions}) => ({
		text: item,
		summary: summaries.get(item) ?? '',
		positions,
		isRefused: false,
	}));
}

/** The words that can follow `outage`: a node, the kind of fault, then its parameters. */
function faultWords([command = '', ...words]: readonly string[], {snapshot}: Context): readonly Item[] {
	const nodes = snapshot?.target.nodes ?? [];
	const hasNode = isSameWord(words[0] ?? '', 'node');
	const before = [command, ...(hasNode ? words.slice(2) : words)];
	if (hasNode && words.length === 1) {
		return [
			...nodes.map(({number, address, role}): Item => [String(number), `${address}, ${role}`]),
			['master', 'the server that is the first master then'],
			['replica', 'a replica of the first master'],
		];
	}
	if (before.length === 1) {
		const kinds = faultCatalogue.map((info): Item => [info.kind, info.summary]);
		return hasNode || nodes.length === 0 ? kinds : [...kinds, ['node', 'a fault of one node only']];
	}
	if (before.at(-1) === 'for') return exampleTimes.map((text) => [text, 'duration']);
	const info = faultCatalogue.find((candidate) => isSameWord(candidate.kind, before[1] ?? ''));
	const parameter = info?.parameters.find((candidate) => candidate.word === before.at(-1));
	if (parameter) return (parameter.choices ?? [String(parameter.default)]).map((text) => [text, parameter.unit]);
	const given = new Set(before);
	return [
		...(info?.parameters ?? [])
			.filter((candidate) => !given.has(candidate.word))
			.flatMap((candidate): readonly Item[] =>
				candidate.choices
					? candidate.choices.map((choice) => [choice, candidate.word])
					: [[candidate.word, `${candidate.unit}, default ${candidate.default}`]],
			),
		['for', 'lift it after this time'],
	];
}

/** The active faults: each kind, and the numbers of faults of the same kind. */
function faultsInForce({snapshot}: Context): readonly Item[] {
	const faults = snapshot?.faults ?? [];
	const kinds = new Set(faults.map(({fault}) => fault.kind));
	return [...kinds].flatMap((kind): readonly Item[] => {
		const same = faults.filter(({fault}) => fault.kind === kind);
		const [first] = same;
		if (first && same.length === 1) return [[kind, first.label]];
		return [[kind, `all ${same.length} of them`], ...same.map(({id, label}): Item => [String(id), label])];
	});
}

function commandNames(prefix: string, context: Context): Candidate[] {
	const items = context.commands
		.filter(({group}) => group !== undefined)
		.flatMap(({name, aliases = [], summary}) => [name, ...aliases].map((word): Item => [word, summary]));
	return matching(prefix, items).map((candidate) => {
		const command = findTyped(candidate.text, context);
		return {...candidate, isRefused: command !== undefined && writeRefusal(command, context) !== undefined};
	});
}

/** The candidates that the screen knows itself; undefined if the engine must be asked. */
function knownItems(command: Command, word: WordAt, context: Context): readonly Item[] | undefined {
	const argument = argumentAt(command, word.index - 1);
	switch (argument?.kind) {
		case undefined:
			return [];
		case 'choice':
			return (argument.choices ?? []).map((choice) => [choice, argument.name]);
		case 'fault':
			return faultWords(word.before, context);
		case 'fault-in-force':
			return faultsInForce(context);
		case 'duration':
			return exampleTimes.map((text) => [text, argument.name]);
		default:
			return undefined;
	}
}

/** The completions of the word under the cursor, and the question to the engine that would give more. */
export function completionsOf(palette: PaletteState, context: Context): Completions {
	const word = wordAt(palette.line);
	if (word.index === 0) return {candidates: commandNames(word.prefix, context)};
	const command = findTyped(word.before[0] ?? '', context);
	if (!command) return {candidates: []};
	const usage = usageOf(command);
	const known = knownItems(command, word, context);
	if (known) return {candidates: matching(word.prefix, known), usage};
	const index = word.index - 1;
	const question = {id: `${command.name} ${index} ${word.prefix}`, name: command.name, index, prefix: word.prefix};
	// Until the answer arrives, the previous one is filtered, so that the list does not flicker.
	const name = argumentAt(command, index)?.name ?? '';
	const items = palette.live.items.map((item): Item => [item, name]);
	return {candidates: matching(word.prefix, items), question, usage};
}

/** The line with the word under the cursor replaced by a candidate. */
export function completeLine(line: Line, candidate: string): Line {
	const word = wordAt(line);
	const text = word.index === 0 ? candidate : quoteWord(candidate);
	const after = line.after.replace(/^\S+/u, '');
	return {before: `${line.before.slice(0, word.start)}${text} `, after: after.replace(/^\s+/u, '')};
}
