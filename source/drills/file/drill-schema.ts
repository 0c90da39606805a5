import {readFileSync} from 'node:fs';
import {Ajv, type ErrorObject, type ValidateFunction} from 'ajv';
import type {Drill, DrillStep, WorkloadChange} from '../drill.js';

/** Milliseconds, or a duration such as `1.5s`. */
export type Time = number | string;

/** A drill file as its schema describes it. */
export type DrillFile = {
	name: string;
	summary: string;
	duration: Time;
	workload?: Omit<Drill['workload'], 'ttl' | 'loaderMs'> & {ttl?: Time; loader?: Time};
	cache?: Omit<Drill['cache'], 'ttl' | 'grace' | 'deadlineMs'> & {ttl?: Time; grace?: Time; deadline?: Time};
	steps: StepInFile[];
	expectations: string[];
};

export type StepInFile = {
	at: Time;
	for?: Time;
	label?: DrillStep['label'];
	fault?: string;
	workload?: WorkloadChange;
};

type SchemaProblem = {
	/** JSON pointer to the value. */
	readonly pointer: string;
	/** Name of a field in that value that the schema does not have. */
	readonly unknownField: string | undefined;
	readonly message: string;
};

let validate: ValidateFunction<DrillFile> | undefined;

/** Validates a value against the published schema. Returns it as a drill file, or all problems. */
export function checkDrillFile(
	value: unknown,
): {readonly file: DrillFile} | {readonly problems: readonly SchemaProblem[]} {
	validate ??= new Ajv({allErrors: true, strict: true, allowUnionTypes: true}).compile<DrillFile>(schema());
	if (validate(value)) return {file: value};
	const problems = withoutDetails(validate.errors ?? []).map((error) => {
		const unknownField: unknown = error.params.additionalProperty;
		return {
			pointer: error.instancePath,
			unknownField: typeof unknownField === 'string' ? unknownField : undefined,
			message: messageOf(error),
		};
	});
	return {problems};
}

function schema(): object {
	return JSON.parse(readFileSync(new URL('../drill.schema.json', import.meta.url), 'utf8')) as object;
}

/** Drops the errors of each single form where a value fits none of several: the error about that says enough. */
function withoutDetails(errors: readonly ErrorObject[]): ErrorObject[] {
	const choices = new Set(errors.filter(({keyword}) => keyword === 'anyOf').map(({instancePath}) => instancePath));
	return errors.filter(({keyword, instancePath}) => keyword === 'anyOf' || !choices.has(instancePath));
}

function messageOf({keyword, params, message, instancePath}: ErrorObject): string {
	switch (keyword) {
		case 'additionalProperties':
			return `unknown field "${String(params.additionalProperty)}"`;
		case 'required':
			return `"${String(params.missingProperty)}" is missing`;
		case 'anyOf':
			return 'is not a duration such as 250, "250ms" or "1.5s", nor another value that is allowed here';
		case 'pattern':
			if (instancePath === '/name') return 'may only have lowercase letters, digits and hyphens, at most 40';
			return instancePath.startsWith('/expectations')
				? 'is not of the form `field <= value`'
				: `does not match ${String(params.pattern)}`;
		default:
			return message ?? keyword;
	}
}
