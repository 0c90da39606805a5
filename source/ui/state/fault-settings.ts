import type {FaultInfo, FaultParameter} from '../../faults/catalogue.js';
import {FaultSyntaxError} from '../../faults/fault-errors.js';
import {parseFault} from '../../faults/parse-fault.js';
import {parseDuration} from '../../text/duration.js';
import type {FaultSettings} from './faults-state.js';

/** One thing that can be set before a fault is started. */
export type FaultField = {
	readonly field: string;
	readonly word: string;
	/** The usual value, as it would be typed; empty: not given. */
	readonly usual: string;
	/** Words to choose from instead of typing. */
	readonly choices: readonly string[] | undefined;
};

/** How long a fault lasts can be set for each of them. */
const lasting: FaultField = {field: 'for', word: 'for', usual: '', choices: undefined};

const suffixes: Readonly<Partial<Record<FaultParameter['unit'], string>>> = {ms: 'ms', 'KB/s': 'kb/s'};

/** The usual value of a parameter, as it would be typed. */
export const usualOf = ({unit, default: usual}: FaultParameter): string => `${usual}${suffixes[unit] ?? ''}`;

function fieldOf(parameter: FaultParameter): FaultField {
	const {field, word, choices} = parameter;
	return {field, word, usual: usualOf(parameter), choices};
}

/** What can be set, in order; how long it lasts comes last. A restart is over by itself. */
export function fieldsOf(info: FaultInfo): readonly FaultField[] {
	const fields = info.parameters.map(fieldOf);
	return info.kind === 'restart' ? fields : [...fields, lasting];
}

export const settingOf = ({field, usual}: FaultField, settings: FaultSettings): string => settings[field] ?? usual;

/** The words of the `outage` command: what has to be said, and what is not as usual. */
export function argumentsOf(info: FaultInfo, settings: FaultSettings): readonly string[] {
	const words = info.parameters.flatMap((parameter) => {
		const field = fieldOf(parameter);
		const value = settingOf(field, settings).trim();
		if (parameter.required || field.choices) return !parameter.required && value === field.usual ? [] : [value];
		return value === field.usual || value === '' ? [] : [field.word, value];
	});
	const time = settingOf(lasting, settings).trim();
	return [info.kind, ...words, ...(time === '' ? [] : ['for', time])];
}

/** Why it cannot be started like this; undefined when it can. */
export function problemOf(info: FaultInfo, settings: FaultSettings): string | undefined {
	const words = argumentsOf(info, {...settings, for: ''});
	const time = settingOf(lasting, settings).trim();
	try {
		parseFault(words);
	} catch (error) {
		if (error instanceof FaultSyntaxError) return error.message;
		throw error;
	}
	if (time !== '' && !((parseDuration(time) ?? 0) > 0)) return `for wants a time such as 10s, not "${time}"`;
	return undefined;
}

/** The next or the previous one of the choices. */
export function nextChoice(choices: readonly string[], value: string, by: 1 | -1): string {
	const at = Math.max(0, choices.indexOf(value));
	return choices[(at + by + choices.length) % choices.length] ?? value;
}
