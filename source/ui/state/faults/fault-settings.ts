import type {FaultInfo, FaultParameter} from '../../../faults/catalogue.js';
import {FaultSyntaxError} from '../../../faults/fault-errors.js';
import {parseFault} from '../../../faults/parse-fault.js';
import {parseDuration} from '../../../text/duration.js';
import type {FaultSettings} from './faults-state.js';

/** A parameter of a fault, or its duration, as set on the faults view. */
export type FaultField = {
	readonly field: string;
	readonly word: string;
	/** The default, as it would be typed; empty: none. */
	readonly default: string;
	/** Choices; undefined: the value is typed. */
	readonly choices: readonly string[] | undefined;
	/** Meaning of an empty value, in words. */
	readonly empty: string;
};

/** The duration of a fault; empty: until it is healed. */
const duration: FaultField = {field: 'for', word: 'for', default: '', choices: undefined, empty: 'until healed'};

const suffixes: Readonly<Partial<Record<FaultParameter['unit'], string>>> = {ms: 'ms', 'KB/s': 'kb/s', bytes: 'b'};

/** Bytes as they would be typed: `16b`, `100kb`. */
const typedBytes = (bytes: number): string => (bytes >= 1000 && bytes % 1000 === 0 ? `${bytes / 1000}kb` : `${bytes}b`);

/** The default of a parameter with its unit, as it would be typed. */
export const defaultOf = ({unit, default: value}: FaultParameter): string =>
	unit === 'bytes' ? typedBytes(Number(value)) : `${value}${suffixes[unit] ?? ''}`;

function fieldOf(parameter: FaultParameter): FaultField {
	const {field, word, choices} = parameter;
	return {field, word, default: defaultOf(parameter), choices, empty: ''};
}

const nodeOf = ({where}: FaultInfo): FaultField => ({
	field: 'node',
	word: 'node',
	default: '',
	choices: undefined,
	empty: where === 'wire' ? 'all nodes' : 'a master',
});

/**
 * The parameters of a fault, its duration (unless it ends by itself) and, last, the node that it affects.
 *
 * @param hasNodes False if there are no nodes to choose from. The indexes of the other fields do not depend on it.
 */
export function fieldsOf(info: FaultInfo, hasNodes = true): readonly FaultField[] {
	return [
		...info.parameters.map(fieldOf),
		...(info.endsByItself ? [] : [duration]),
		...(hasNodes ? [nodeOf(info)] : []),
	];
}

export const settingOf = (field: FaultField, settings: FaultSettings): string => settings[field.field] ?? field.default;

/** The arguments of the `outage` command: required parameters, and those that differ from their defaults. */
export function argumentsOf(info: FaultInfo, settings: FaultSettings): readonly [string, ...string[]] {
	const words = info.parameters.flatMap((parameter) => {
		const field = fieldOf(parameter);
		const value = settingOf(field, settings).trim();
		if (parameter.required || field.choices) return !parameter.required && value === field.default ? [] : [value];
		return value === field.default || value === '' ? [] : [field.word, value];
	});
	const time = settingOf(duration, settings).trim();
	const where = settingOf(nodeOf(info), settings).trim();
	const fault = [info.kind, ...words, ...(time === '' ? [] : ['for', time])] as const;
	return where === '' ? fault : ['node', where, ...fault];
}

/** The reason why the fault cannot start with these settings; undefined if it can. */
export function problemOf(info: FaultInfo, settings: FaultSettings): string | undefined {
	const words = argumentsOf(info, {...settings, for: ''});
	const time = settingOf(duration, settings).trim();
	try {
		parseFault(words);
	} catch (error) {
		if (error instanceof FaultSyntaxError) return error.message;
		throw error;
	}
	if (time !== '' && !((parseDuration(time) ?? 0) > 0)) return `for needs a time such as 10s, not "${time}"`;
	return undefined;
}

/** The next or the previous choice, wrapping around at the ends. */
export function nextChoice(choices: readonly string[], value: string, by: 1 | -1): string {
	const at = Math.max(0, choices.indexOf(value));
	return choices[(at + by + choices.length) % choices.length] ?? value;
}
