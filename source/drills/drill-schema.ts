import {readFileSync} from 'node:fs';
import {Ajv, type ErrorObject, type ValidateFunction} from 'ajv';
import type {Drill, DrillStep, WorkloadChange} from './drill-types.js';

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

export type SchemaProblem = {
	/** JSON pointer of the value. */
	readonly pointer: string;
	/** A field of that value that should not be there. */
	readonly unknownField: string | undefined;
	readonly message: string;
};

let validate: ValidateFunction<DrillFile> | undefined;

/** Holds a value to the published schema: the file, or all that is wrong with it. */
export function checkDrillFile(
	value: unknown,
): {readonly file: DrillFile} | {readonly problems: readonly SchemaProblem[]} {
	validate ??= new Ajv({allErrors: true, strict: true, allowUnionTypes: true}).compile<DrillFile>(schema());
	if (validate(value)) return {file: value};
	const problems = useful(validate.errors ?? []).map((error) => {
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
	return JSON.parse(readFileSync(new URL('./drill.schema.json', import.meta.url), 'utf8')) as object;
}

/** For a value that fits none of several forms, the sentence about that says enough. */
function useful(errors: readonly ErrorObject[]): ErrorObject[] {
	const choices = new Set(errors.filter(({keyword}) => keyword === 'anyOf').map(({instancePath}) => instancePath));
	return errors.filter(({keyword, instancePath}) => keyword === 'anyOf' || !choices.has(instancePath));
}

function messageOf({keyword, params, message, instancePath}: ErrorObject): string {
	switch (keyword) {
		case 'additionalProperties':
			return `there is no field "${String(params.additionalProperty)}" here`;
		case 'required':
			return `"${String(params.missingProperty)}" is missing`;
		case 'anyOf':
			return 'is neither a time such as 250, "250ms" or "1.5s" nor anything else that may stand here';
		case 'pattern':
			if (instancePath === '/name') return 'may only have lower-case letters, digits and hyphens, at most 40';
			return instancePath.startsWith('/expectations')
				? 'is not of the form `field <= value`'
				: `does not match ${String(params.pattern)}`;
		default:
			return message ?? keyword;
	}
}
