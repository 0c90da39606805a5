import {readFileSync} from 'node:fs';
import {Ajv, type ErrorObject, type ValidateFunction} from 'ajv';
import {pointerParts} from '../../text/located-json.js';
import type {DrillCache, DrillWorkload, WorkloadChange} from '../drill.js';

/** Milliseconds, or a duration such as `1.5s`. */
export type Time = number | string;

/** A drill file as its schema describes it. */
export type DrillFile = {
	/** Name in reports: lowercase letters, digits and hyphens. */
	name: string;
	/** The scenario, as it would happen in real life, in one line. */
	summary: string;
	/** Time from the first call to the last, at most an hour. */
	duration: Time;
	/** Settings of the traffic that differ from the defaults. */
	workload?: WorkloadInFile;
	/** Settings of the cache that differ from the defaults. Of a subject only `deadline` counts: its calls hang after twice that and 250 ms. */
	cache?: CacheInFile;
	/** Faults and changes of the traffic, in any order. */
	steps: StepInFile[];
	/** Conditions on the report: a field, a comparison and a value, such as `settleMs.p99 <= 50`. */
	expectations: string[];
};

/** The traffic of a drill file. */
export type WorkloadInFile = Omit<DrillWorkload, 'ttl' | 'loaderMs'> & {
	/** Time to live of written values. */
	ttl?: Time;
	/** Time that a read of the database takes. Default 2 ms. */
	loader?: Time;
};

/** The cache of a drill file. */
export type CacheInFile = Omit<DrillCache, 'ttl' | 'grace' | 'deadlineMs'> & {
	/** Time to live of values. */
	ttl?: Time;
	/** Time past its TTL in which a value may still be served. */
	grace?: Time;
	/** Deadline of a command. Default 200 ms. */
	deadline?: Time;
};

/** A fault, or a change of the traffic: exactly one of both. */

export type StepInFile = {
	/** Time since the start of the drill. */
	at: Time;
	/** Duration. Default: until the drill ends. */
	for?: Time;
	/** Its name in reports. Default: the fault. */
	label?: string;
	/** A fault as the `outage` command takes it: `blackhole`, `latency 200ms jitter 50ms down`, `error LOADING 0.5`. */
	fault?: string;
	/** Changes of the traffic. */
	workload?: WorkloadChange;
};

/** The valid fields of a drill file, and the valid fields in them. An invalid item of an array is undefined. */
export type DrillParts = Partial<Omit<DrillFile, 'steps' | 'expectations'>> & {
	steps?: readonly (Partial<StepInFile> | undefined)[];
	expectations?: readonly (string | undefined)[];
};

type SchemaProblem = {
	/** JSON pointer to the value. */
	readonly pointer: string;
	/** Name of a field in that value that the schema does not have. */
	readonly unknownField: string | undefined;
	readonly message: string;
};

type CheckedFile = {
	/** The parts that the schema allows: they may be checked further. */
	readonly parts: DrillParts;
	readonly problems: readonly SchemaProblem[];
	/** Undefined if there are problems. */
	readonly file: DrillFile | undefined;
};

let validate: ValidateFunction<DrillFile> | undefined;

/** Validates a value against the published schema. */
export function checkDrillFile(value: unknown): CheckedFile {
	validate ??= new Ajv({allErrors: true, strict: true, allowUnionTypes: true}).compile<DrillFile>(schema());
	if (validate(value)) return {parts: value, problems: [], file: value};
	const errors = withoutDetails(validate.errors ?? []);
	const problems = errors.map((error) => ({
		pointer: error.instancePath,
		unknownField: unknownFieldOf(error),
		message: messageOf(error),
	}));
	return {parts: withoutInvalid(value, errors), problems, file: undefined};
}

function schema(): object {
	return JSON.parse(readFileSync(new URL('../drill.schema.json', import.meta.url), 'utf8')) as object;
}

/**
 * Drops the errors of the single alternatives if a value matches none of them, since one error for that is enough; and drops
 * that one, too, if the value has the wrong type.
 */
function withoutDetails(errors: readonly ErrorObject[]): ErrorObject[] {
	const choices = errors.filter(({keyword}) => keyword === 'anyOf' || keyword === 'oneOf');
	const isDetail = ({schemaPath, instancePath}: ErrorObject) =>
		choices.some((choice) => choice.instancePath === instancePath && schemaPath.startsWith(`${choice.schemaPath}/`));
	const causes = errors.filter((error) => !isDetail(error));
	const hasOtherType = (path: string) =>
		causes.some(({keyword, instancePath}) => keyword === 'type' && instancePath === path);
	return causes.filter(({keyword, instancePath}) => keyword !== 'oneOf' || !hasOtherType(instancePath));
}

function unknownFieldOf({params}: ErrorObject): string | undefined {
	const name: unknown = params.additionalProperty;
	return typeof name === 'string' ? name : undefined;
}

/** Errors about a value as a whole, whose parts may be valid. */
const aboutWhole: ReadonlySet<string> = new Set(['required', 'oneOf', 'minProperties', 'minItems', 'maxItems']);

/** A copy of a value without the parts that have an error. */
function withoutInvalid(value: unknown, errors: readonly ErrorObject[]): DrillParts {
	const root: {file?: unknown} = {file: structuredClone(value)};
	for (const error of errors) {
		if (aboutWhole.has(error.keyword)) continue;
		const unknownField = unknownFieldOf(error);
		const path = ['file', ...pointerParts(error.instancePath), ...(unknownField === undefined ? [] : [unknownField])];
		remove(root, path);
	}
	return (root.file ?? {}) as DrillParts;
}

function remove(root: unknown, path: readonly string[]): void {
	let parent = root as Record<string, unknown> | undefined;
	for (const part of path.slice(0, -1)) parent = parent?.[part] as Record<string, unknown> | undefined;
	const name = path.at(-1) ?? '';
	if (Array.isArray(parent)) parent[Number(name)] = undefined;
	else if (parent !== undefined) delete parent[name];
}

function messageOf({keyword, params, message, instancePath, schemaPath}: ErrorObject): string {
	switch (keyword) {
		case 'additionalProperties':
			return `unknown field "${String(params.additionalProperty)}"`;
		case 'required':
			return `"${String(params.missingProperty)}" is missing`;
		case 'oneOf':
			return 'a step needs either "fault" or "workload", not both';
		case 'not':
			return 'must be false, or an object with bounds';
		case 'anyOf':
			return `is not a duration such as 250, "250ms" or "1.5s", of at most ${schemaPath.includes('/lifetime/') ? '30 days' : 'an hour'}`;
		case 'pattern':
			if (instancePath === '/name') return 'may only have lowercase letters, digits and hyphens, at most 40';
			return instancePath.startsWith('/expectations')
				? 'is not of the form `field <= value`'
				: `does not match ${String(params.pattern)}`;
		default:
			return message ?? keyword;
	}
}
