import {readFileSync} from 'node:fs';
import {Ajv, type ErrorObject, type ValidateFunction} from 'ajv';
import {
	findNodeAtLocation,
	type JSONPath,
	type Node,
	type ParseError,
	parseTree,
	printParseErrorCode,
} from 'jsonc-parser';
import {DrillFileError, type DrillProblem} from './drill-errors.js';
import type {Drill, DrillStep} from './drill-types.js';
import {parseMilliseconds} from './duration.js';
import {parseExpectation} from './expectation.js';
import {FaultSyntaxError} from './fault-errors.js';
import {parseFault} from './parse-fault.js';

type Time = number | string;

/** A drill file as its schema describes it. */
type DrillFile = {
	name: string;
	summary: string;
	duration: Time;
	workload?: Omit<Drill['workload'], 'ttl' | 'loaderMs'> & {ttl?: Time; loader?: Time};
	cache?: Omit<Drill['cache'], 'ttl' | 'grace' | 'deadlineMs'> & {ttl?: Time; grace?: Time; deadline?: Time};
	steps: StepInFile[];
	expectations: string[];
};

type StepInFile = {
	at: Time;
	for?: Time;
	label?: string;
	fault?: string;
	workload?: Extract<DrillStep, {kind: 'workload'}>['change'];
};

const shortestMs = 100;
let validate: ValidateFunction<DrillFile> | undefined;

/**
 * Reads the text of a drill file.
 *
 * @param file Its name, for errors.
 * @throws {DrillFileError} with every problem, its path and its line.
 */
export function readDrill(text: string, file: string): Drill {
	const problems: DrillProblem[] = [];
	const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
	if (text.trim() === '') throw new DrillFileError(file, [{line: 1, path: '', message: 'the file is empty'}]);
	const syntaxErrors: ParseError[] = [];
	const tree = parseTree(text, syntaxErrors, {disallowComments: false, allowTrailingComma: true});
	for (const {error, offset} of syntaxErrors)
		problems.push({line: lineOf(offset), path: '', message: `not JSON: ${spaced(printParseErrorCode(error))}`});
	if (tree === undefined || problems.length > 0) throw new DrillFileError(file, problems);

	const report = (path: JSONPath, message: string, child?: string): void => {
		problems.push({line: lineOf(nodeAt(tree, path, child).offset), path: shown(path), message});
	};
	const value: unknown = toValue(tree);
	validate ??= new Ajv({allErrors: true, strict: true, allowUnionTypes: true}).compile<DrillFile>(schema());
	if (!validate(value)) {
		for (const error of useful(validate.errors ?? [])) {
			const unknown: unknown = error.params.additionalProperty;
			report(pathOf(tree, error.instancePath), messageOf(error), typeof unknown === 'string' ? unknown : undefined);
		}
		throw new DrillFileError(
			file,
			problems.sort((a, b) => a.line - b.line),
		);
	}

	const durationMs = time(value.duration);
	if (durationMs < shortestMs) report(['duration'], `a drill lasts at least ${shortestMs} ms`);
	const steps = value.steps.flatMap((step, index) =>
		readStep(step, durationMs, (field, message) => report(['steps', index, ...field], message)),
	);
	const expectations = value.expectations.flatMap((expectation, index) => {
		const parsed = parseExpectation(expectation);
		if (typeof parsed !== 'string') return [parsed];
		report(['expectations', index], parsed);
		return [];
	});
	if (problems.length > 0)
		throw new DrillFileError(
			file,
			problems.sort((a, b) => a.line - b.line),
		);
	return {
		name: value.name,
		summary: value.summary,
		durationMs,
		workload: workloadOf(value.workload ?? {}),
		cache: cacheOf(value.cache ?? {}),
		steps: steps.sort((a, b) => a.atMs - b.atMs),
		expectations,
	};
}

function readStep(
	step: StepInFile,
	durationMs: number,
	report: (field: string[], message: string) => void,
): DrillStep[] {
	const atMs = time(step.at);
	const forMs = step.for === undefined ? undefined : time(step.for);
	if (atMs >= durationMs) report(['at'], `comes after the end of the drill, which lasts ${durationMs} ms`);
	else if (forMs !== undefined && atMs + forMs > durationMs)
		report(['for'], `lasts beyond the end of the drill, at ${durationMs} ms`);
	if ((step.fault === undefined) === (step.workload === undefined)) {
		report([], 'a step has either a fault or a change of the workload');
		return [];
	}
	if (step.workload !== undefined) {
		const changes = Object.entries(step.workload).map(
			([name, to]) => `${name} ${typeof to === 'object' ? Object.values(to).join(':') : to}`,
		);
		return [{kind: 'workload', atMs, forMs, change: step.workload, label: step.label ?? changes.join(', ')}];
	}
	try {
		const text = step.fault ?? '';
		const fault = parseFault(text.trim().split(/\s+/));
		if (fault.kind === 'restart' && forMs !== undefined)
			report(['for'], 'a restart is over when the server answers; it has no "for"');
		return [{kind: 'fault', atMs, forMs, fault, label: step.label ?? text}];
	} catch (error) {
		if (!(error instanceof FaultSyntaxError)) throw error;
		report(['fault'], error.message);
		return [];
	}
}

function workloadOf({ttl, loader, ...rest}: NonNullable<DrillFile['workload']>): Drill['workload'] {
	return {
		...rest,
		...(ttl === undefined ? {} : {ttl: time(ttl)}),
		...(loader === undefined ? {} : {loaderMs: time(loader)}),
	};
}

function cacheOf({ttl, grace, deadline, ...rest}: NonNullable<DrillFile['cache']>): Drill['cache'] {
	return {
		...rest,
		...(ttl === undefined ? {} : {ttl: time(ttl)}),
		...(grace === undefined ? {} : {grace: time(grace)}),
		...(deadline === undefined ? {} : {deadlineMs: time(deadline)}),
	};
}

/** The schema has let through only what this understands. */
function time(value: Time): number {
	return typeof value === 'number' ? value : (parseMilliseconds(value) ?? 0);
}

function schema(): object {
	return JSON.parse(readFileSync(new URL('./drills/drill.schema.json', import.meta.url), 'utf8')) as object;
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
			if (instancePath === '/name') return 'consists of lower-case letters, digits and hyphens, at most 40';
			return instancePath.startsWith('/expectations')
				? 'is not of the form `field <= value`'
				: `does not match ${String(params.pattern)}`;
		default:
			return message ?? keyword;
	}
}

function toValue(node: Node): unknown {
	switch (node.type) {
		case 'object':
			return Object.fromEntries(
				(node.children ?? []).flatMap(({children}) =>
					children?.[1] === undefined ? [] : [[String(children[0]?.value), toValue(children[1])]],
				),
			);
		case 'array':
			return (node.children ?? []).map(toValue);
		default:
			return node.value as unknown;
	}
}

/** The node of a path or, where that is missing, of what would hold it. With `child`, the place where that field is written. */
function nodeAt(tree: Node, path: JSONPath, child: string | undefined): Node {
	const found = findNodeAtLocation(tree, child === undefined ? path : [...path, child]);
	if (found !== undefined) return child === undefined ? found : (found.parent ?? found);
	return path.length === 0 ? tree : nodeAt(tree, path.slice(0, -1), undefined);
}

/** `/steps/2/fault` as a path; numbers are indexes where there is an array. */
function pathOf(tree: Node, pointer: string): JSONPath {
	const path: JSONPath = [];
	for (const part of pointer.split('/').slice(1)) {
		const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
		const parent = findNodeAtLocation(tree, path);
		path.push(parent?.type === 'array' ? Number(name) : name);
	}
	return path;
}

function shown(path: JSONPath): string {
	return path
		.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
		.join('')
		.replace(/^\./, '');
}

function spaced(code: string): string {
	return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
