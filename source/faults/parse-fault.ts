import {parseDuration} from '../text/duration.js';
import {isSameWord} from '../text/same-word.js';
import {type FaultInfo, type FaultParameter, faultCatalogue} from './catalogue.js';
import {type Fault, type FaultKind, nodeRoles} from './fault.js';
import {FaultSyntaxError} from './fault-errors.js';

/**
 * Parses a fault from words: `latency 200ms jitter 50ms down`, `flaky 0.3`, `error LOADING 0.5`, `node 2 blackhole`.
 *
 * Values are given in the order of the catalogue, or after their word. A direction can be anywhere.
 *
 * @param where The kinds of faults that are possible, for the message about an unknown one. Default: all.
 * @throws {FaultSyntaxError} The message says what is wrong and how to write the fault.
 */
export function parseFault(words: readonly string[], where?: FaultInfo['where']): Fault {
	const known = faultCatalogue.filter((info) => where === undefined || info.where === where).map(({kind}) => kind);
	const [first = '', second = '', ...others] = words;
	if (!isSameWord(first, 'node')) return parseEffect(words, known);
	const node = parseNode(second);
	return {...parseEffect(others, known), node};
}

/** Parses a node: its number, its address, or its role. */
function parseNode(text: string): string {
	const role = nodeRoles.find((each) => isSameWord(each, text));
	if (role !== undefined) return role;
	if (/^[1-9]\d{0,3}$/.test(text) || /^[^\s]+:\d{1,5}$/.test(text)) return text;
	const problem = text === '' ? '' : `, not ${JSON.stringify(text)}`;
	throw new FaultSyntaxError(
		`after "node" comes the number that a node has in the Pool view, its address, or one of ${nodeRoles.join(', ')}${problem}; write: node 2 blackhole`,
	);
}

function parseEffect(words: readonly string[], known: readonly FaultKind[]): Fault {
	const [kind, ...rest] = words;
	if (kind === undefined || kind === '')
		throw new FaultSyntaxError(`Name a fault, such as "latency 200ms"; there are ${known.join(', ')}`);
	const info = faultCatalogue.find((candidate) => isSameWord(candidate.kind, kind));
	if (info === undefined) throw new FaultSyntaxError(`No fault "${kind}"; there are ${known.join(', ')}`);
	const fields: Record<string, unknown> = {kind: info.kind};
	for (let i = 0; i < rest.length; i++) {
		const word = (rest[i] ?? '').toLowerCase();
		const named = info.parameters.find((parameter) => parameter.word === word);
		const parameter = named ?? unnamed(info, word, fields);
		if (parameter === undefined)
			throw new FaultSyntaxError(`${info.kind} does not take "${rest[i]}"; write: ${faultUsage(info)}`);
		if (named !== undefined) i++;
		const text = rest[i];
		if (text === undefined)
			throw new FaultSyntaxError(`${info.kind}: "${word}" needs a value; write: ${faultUsage(info)}`);
		if (parameter.field in fields) throw new FaultSyntaxError(`${info.kind}: ${parameter.word} is given twice`);
		fields[parameter.field] = parseValue(info, parameter, text);
	}
	return toFault(info, fields);
}

/** The syntax of a fault: `latency <delay> [jitter <ms>] [up|down|both]`. */
export function faultUsage({kind, parameters}: FaultInfo): string {
	const parts = parameters.map(({word, unit, choices, required}) => {
		if (choices !== undefined) return required ? `<${choices.join('|')}>` : `[${choices.join('|')}]`;
		return required ? `<${word}>` : `[${word} <${unit}>]`;
	});
	return [kind, ...parts].join(' ');
}

/** The parameter that a value without a word before it belongs to. */
function unnamed(info: FaultInfo, word: string, fields: Readonly<Record<string, unknown>>): FaultParameter | undefined {
	const choice = info.parameters.find((parameter) => parameter.choices?.some((value) => value.toLowerCase() === word));
	if (choice !== undefined) return choice;
	return info.parameters.find((parameter) => !(parameter.field in fields) && parameter.unit !== 'direction');
}

function parseValue(info: FaultInfo, parameter: FaultParameter, text: string): number | string {
	const where = `${info.kind}: ${parameter.word}`;
	if (parameter.choices !== undefined) {
		const choice = parameter.choices.find((value) => value.toLowerCase() === text.toLowerCase());
		if (choice === undefined)
			throw new FaultSyntaxError(`${where} is one of ${parameter.choices.join(', ')}, not "${text}"`);
		return choice;
	}
	const value = parseNumber(parameter, text);
	if (value === undefined) throw new FaultSyntaxError(`${where} wants ${example(parameter)}, not "${text}"`);
	if (value < (parameter.min ?? 0) || value > (parameter.max ?? Number.MAX_SAFE_INTEGER)) {
		throw new FaultSyntaxError(`${where} is ${text}; it must be from ${rangeOf(parameter)}`);
	}
	return value;
}

function rangeOf({min, max, unit}: FaultParameter): string {
	if (unit === 'share') return `${min} to ${max}`;
	return `${min} to ${max} ${unit === 'offset' ? 'ms' : unit}`;
}

function parseNumber(parameter: FaultParameter, text: string): number | undefined {
	if (parameter.unit === 'ms') return parseDuration(text);
	if (parameter.unit === 'offset') {
		const [, sign, time = ''] = /^([+-]?)(\d.*)$/.exec(text) ?? [];
		const ms = parseDuration(time);
		return ms === undefined || sign !== '-' ? ms : -ms;
	}
	const match = /^(\d+(?:\.\d+)?)(%|kb\/s|kb|mb|b)?$/.exec(text.toLowerCase());
	if (match === null) return undefined;
	const value = Number(match[1]);
	const suffix = match[2];
	if (suffix === undefined) return parameter.unit === 'bytes' ? Math.round(value) : value;
	if (parameter.unit === 'share') return suffix === '%' ? value / 100 : undefined;
	if (parameter.unit === 'KB/s') return suffix === 'kb' || suffix === 'kb/s' ? value : undefined;
	const factor = {b: 1, kb: 1000, mb: 1_000_000}[suffix];
	return factor === undefined ? undefined : Math.round(value * factor);
}

function toFault(info: FaultInfo, fields: Readonly<Record<string, unknown>>): Fault {
	for (const parameter of info.parameters) {
		if (parameter.required && !(parameter.field in fields))
			throw new FaultSyntaxError(`${info.kind} needs ${example(parameter)}; write: ${faultUsage(info)}`);
	}
	// The catalogue has exactly the fields of each kind, and every value was checked against it.
	return fields as Fault;
}

function example(parameter: FaultParameter): string {
	switch (parameter.unit) {
		case 'ms':
			return 'a time such as 200ms or 1.5s';
		case 'offset':
			return 'a time ahead such as +250ms, or behind such as -2s';
		case 'share':
			return 'a share such as 0.3 or 30%';
		case 'bytes':
			return 'a number of bytes such as 512 or 10kb';
		case 'KB/s':
			return 'a number of kilobytes a second such as 50';
		default:
			return `one of ${(parameter.choices ?? []).join(', ')}`;
	}
}
