import type {ArgumentSpec, CommandSpec} from '../../engine/command-spec.js';
import {usageOf, wordsProblem} from '../../engine/command-specs.js';
import type {CommandCall} from '../../engine/protocol.js';
import {fuzzyFilter} from '../input/fuzzy.js';
import {type Line, textOf} from '../input/line-editor.js';
import {quoteWord, splitLine} from '../input/split-command.js';
import type {Context} from './message.js';
import type {PaletteState} from './ui-state.js';

export type Candidate = {
	readonly text: string;
	readonly summary: string;
	/** Characters of `text` that were asked for. */
	readonly positions: readonly number[];
	/** It writes, and this session may not. */
	readonly isRefused: boolean;
};

/** What the engine must be asked to know the candidates. */
export type Question = {readonly id: string; readonly name: string; readonly index: number; readonly prefix: string};

export type PaletteView = {
	readonly candidates: readonly Candidate[];
	readonly question: Question | undefined;
	/** How the command being typed is used. */
	readonly usage: string | undefined;
};

const limit = 50;
const durations = ['5s', '10s', '30s', '1m', '5m', '1h'];

export function commandOf(name: string, {commands}: Context): CommandSpec | undefined {
	const wanted = name.toLowerCase();
	return commands.find((spec) => spec.name === wanted || spec.aliases?.includes(wanted));
}

/** Why a command may not be run in this session, by the registry; undefined when it may. */
export function writeRefusal(name: string, context: Context): string | undefined {
	const writes = commandOf(name, context)?.writes ?? false;
	return writes && context.snapshot?.readOnly
		? `${name} writes, and this session is read-only: start without --read-only`
		: undefined;
}

/** The word under the cursor, which one it is, and where it begins. */
function wordAt(line: Line): {
	readonly index: number;
	readonly prefix: string;
	readonly start: number;
	readonly before: readonly string[];
} {
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

function argumentAt(spec: CommandSpec, index: number): ArgumentSpec | undefined {
	const last = spec.args.at(-1);
	return spec.args[index] ?? (last?.rest ? last : undefined);
}

function matches(prefix: string, items: readonly (readonly [text: string, summary: string])[]): Candidate[] {
	const summaries = new Map(items);
	return fuzzyFilter(prefix, [...summaries.keys()], limit).map((match) => ({
		text: match.item,
		summary: summaries.get(match.item) ?? '',
		positions: match.positions,
		isRefused: false,
	}));
}

function faultWords(before: readonly string[], {catalogue}: Context): readonly (readonly [string, string])[] {
	if (before.length === 1) return catalogue.map((info) => [info.kind, info.summary] as const);
	if (before.at(-1) === 'for') return durations.map((text) => [text, 'how long'] as const);
	const info = catalogue.find((candidate) => candidate.kind === before[1]);
	const parameter = info?.parameters.find((candidate) => candidate.word === before.at(-1));
	if (parameter)
		return (parameter.choices ?? [String(parameter.default)]).map((text) => [text, parameter.unit] as const);
	const given = new Set(before);
	return [
		...(info?.parameters ?? [])
			.filter((candidate) => !given.has(candidate.word))
			.flatMap((candidate) =>
				candidate.choices
					? candidate.choices.map((choice) => [choice, candidate.word] as const)
					: [[candidate.word, `${candidate.unit}, usually ${candidate.default}`] as const],
			),
		['for', 'lift it after this time'] as const,
	];
}

/** By kind, and where there are several of a kind by number, too. */
function faultsInForce({snapshot}: Context): readonly (readonly [string, string])[] {
	const faults = snapshot?.faults ?? [];
	const kinds = new Set(faults.map(({fault}) => fault.kind));
	return [...kinds].flatMap((kind) => {
		const same = faults.filter(({fault}) => fault.kind === kind);
		const [first] = same;
		if (first && same.length === 1) return [[kind, first.label] as const];
		return [[kind, `all ${same.length} of them`] as const, ...same.map(({id, label}) => [String(id), label] as const)];
	});
}

/** What can be completed at the cursor, and what to ask the engine for more. */
export function paletteView(palette: PaletteState, context: Context): PaletteView {
	const word = wordAt(palette.line);
	if (word.index === 0) {
		const items = context.commands.flatMap((spec) =>
			[spec.name, ...(spec.aliases ?? [])].map((name) => [name, spec.summary] as const),
		);
		const candidates = matches(word.prefix, items).map((candidate) => ({
			...candidate,
			isRefused: writeRefusal(candidate.text, context) !== undefined,
		}));
		return {candidates, question: undefined, usage: undefined};
	}
	const spec = commandOf(word.before[0] ?? '', context);
	if (!spec) return {candidates: [], question: undefined, usage: undefined};
	const usage = usageOf(spec);
	const argument = argumentAt(spec, word.index - 1);
	if (!argument) return {candidates: [], question: undefined, usage};
	if (argument.kind === 'choice')
		return {
			candidates: matches(
				word.prefix,
				(argument.choices ?? []).map((choice) => [choice, argument.name]),
			),
			question: undefined,
			usage,
		};
	if (argument.kind === 'fault')
		return {candidates: matches(word.prefix, faultWords(word.before, context)), question: undefined, usage};
	if (argument.kind === 'fault-in-force')
		return {candidates: matches(word.prefix, faultsInForce(context)), question: undefined, usage};
	if (argument.kind === 'duration')
		return {
			candidates: matches(
				word.prefix,
				durations.map((text) => [text, argument.name]),
			),
			question: undefined,
			usage,
		};
	const question = {
		id: `${spec.name} ${word.index - 1} ${word.prefix}`,
		name: spec.name,
		index: word.index - 1,
		prefix: word.prefix,
	};
	// Until the answer is there, the last one is narrowed, so that the list does not flicker.
	const candidates = matches(
		word.prefix,
		palette.live.items.map((item) => [item, argument.name]),
	);
	return {candidates, question, usage};
}

/** The line with the word under the cursor replaced by a candidate. */
export function complete(line: Line, candidate: string): Line {
	const word = wordAt(line);
	const text = word.index === 0 ? candidate : quoteWord(candidate);
	const after = line.after.replace(/^\S+/u, '');
	return {before: `${line.before.slice(0, word.start)}${text} `, after: after.replace(/^\s+/u, '')};
}

export type Parsed =
	| {readonly ok: true; readonly call: CommandCall; readonly spec: CommandSpec}
	| {readonly ok: false; readonly message: string};

function nearest(name: string, {commands}: Context): string {
	const names = commands.map((spec) => spec.name);
	const match = fuzzyFilter(name, names, 1)[0]?.item ?? fuzzyFilter(name.slice(0, 2), names, 1)[0]?.item;
	return match ? `; did you mean ${match}?` : '';
}

/** What a line means, or why it cannot be run. */
export function parseLine(line: Line, context: Context): Parsed {
	const split = splitLine(textOf(line));
	if (!split.ok) return {ok: false, message: split.message};
	const [first, ...rest] = split.words;
	if (!first) return {ok: false, message: 'type a command; Tab completes it'};
	const spec = commandOf(first.text, context);
	if (!spec) return {ok: false, message: `there is no command ${first.text}${nearest(first.text, context)}`};
	const refusal = writeRefusal(spec.name, context);
	if (refusal !== undefined) return {ok: false, message: refusal};
	const problem = wordsProblem(spec, rest.length);
	if (problem !== undefined) return {ok: false, message: problem};
	return {ok: true, spec, call: {name: spec.name, args: rest.map((word) => word.text)}};
}
