/** Validates the text of a parameter and converts it to the form in which CONFIG GET shows it. */
export type Check = (text: string) => {readonly value: string} | {readonly error: string};

/** The largest signed 64-bit integer. */
export const maxInteger = 9_223_372_036_854_775_807n;

export function integerBetween(min: number, max: number | bigint): Check {
	return (text) => {
		if (!/^-?\d{1,18}$/.test(text)) return {error: "argument couldn't be parsed into an integer"};
		const value = BigInt(text);
		if (value < min || value > max) return {error: `argument must be between ${min} and ${max} inclusive`};
		return {value: String(value)};
	};
}

export function oneOf(...choices: string[]): Check {
	return (text) => {
		const value = text.toLowerCase();
		if (choices.includes(value)) return {value};
		return {error: `argument(s) must be one of the following: ${choices.join(', ')}`};
	};
}

export const anyText: Check = (text) => ({value: text});

/** The check for a parameter of an unsupported feature, which can only be off. */
export function onlyOff(reason: string): Check {
	return (text) => (text === '' ? {value: ''} : {error: reason});
}

const units: Readonly<Record<string, number>> = {
	'': 1,
	b: 1,
	k: 1000,
	kb: 1024,
	m: 1000 ** 2,
	mb: 1024 ** 2,
	g: 1000 ** 3,
	gb: 1024 ** 3,
};

/** A size in memory: `100mb`. */
export const memory: Check = (text) => {
	const [, digits = '', unit = ''] = /^(\d{1,15})([a-z]*)$/.exec(text.toLowerCase()) ?? [];
	const factor = units[unit];
	if (digits === '' || factor === undefined) return {error: 'argument must be a memory value'};
	return {value: String(Number(digits) * factor)};
};
