import type {DrillReport} from './drill-report.js';
import type {Comparison, Expectation} from './drill-types.js';

type Value = number | string | boolean;

/** How a field of the report behaves while a drill runs: one that only grows can be decided early. */
type FieldKind = 'growing' | 'changing' | 'text';

/** The fields an expectation can be about. */
const fields: Readonly<Record<string, FieldKind>> = {
	drill: 'text',
	server: 'text',
	durationMs: 'growing',
	calls: 'growing',
	skippedCalls: 'growing',
	failedCalls: 'growing',
	hungCalls: 'growing',
	wrongReads: 'growing',
	availability: 'changing',
	'settleMs.p50': 'changing',
	'settleMs.p99': 'changing',
	'settleMs.max': 'growing',
	'faultSettleMs.p50': 'changing',
	'faultSettleMs.p99': 'changing',
	'faultSettleMs.max': 'growing',
	hitRatio: 'changing',
	recoveryMs: 'changing',
	'journal.max': 'growing',
	'journal.overflowed': 'growing',
	'journal.reconciled': 'growing',
	'modes.connected': 'growing',
	'modes.fallback': 'growing',
	'modes.recovering': 'growing',
	'machineLateMs.p50': 'changing',
	'machineLateMs.p99': 'changing',
	'machineLateMs.max': 'growing',
};

export const expectationFields: readonly string[] = Object.keys(fields);

/** Reads `settleMs.p99 <= 50`. Returns what is wrong with it as a string. */
export function parseExpectation(text: string): Expectation | string {
	const match = /^\s*([A-Za-z][A-Za-z0-9.]*)\s*(==|!=|<=|>=|<|>)\s*(\S.*?)\s*$/.exec(text);
	if (match === null) return `"${text}" is not of the form \`field <= value\``;
	const [, field = '', operator = '', value = ''] = match;
	const kind = fields[field];
	if (kind === undefined) return `the report has no "${field}"; it has ${expectationFields.join(', ')}`;
	const limit = parseLimit(value);
	const wanted = kind === 'text' ? 'string' : 'number';
	if (limit === undefined || typeof limit !== wanted) return `"${field}" is a ${wanted}, and ${value} is not`;
	if (typeof limit !== 'number' && operator !== '==' && operator !== '!=')
		return `"${field}" can only be compared with == and !=`;
	return {name: text.trim(), field, comparison: operator as Comparison, limit};
}

/** The field's value in a report; `undefined` where it has none, as `recoveryMs` without a recovery. */
export function actualValue(report: DrillReport, field: string): Value | undefined {
	const [first = '', second] = field.split('.');
	if (first === 'modes') return report.modes.filter(({mode}) => mode === second).length;
	let value: unknown = (report as Readonly<Record<string, unknown>>)[first];
	if (second !== undefined && typeof value === 'object' && value !== null)
		value = (value as Readonly<Record<string, unknown>>)[second];
	return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

/** Whether it is met by this value. A value that is not there meets nothing. */
export function meets({comparison, limit}: Expectation, actual: Value | undefined): boolean {
	if (actual === undefined) return false;
	switch (comparison) {
		case '==':
			return actual === limit;
		case '!=':
			return actual !== limit;
		case '<=':
			return actual <= limit;
		case '>=':
			return actual >= limit;
		case '<':
			return actual < limit;
		case '>':
			return actual > limit;
	}
}

/** What can be said while the drill still runs, of a field that only grows. */
export function decideEarly(expectation: Expectation, actual: Value | undefined): 'open' | 'passed' | 'failed' {
	if (fields[expectation.field] !== 'growing' || typeof actual !== 'number' || typeof expectation.limit !== 'number')
		return 'open';
	const {comparison, limit} = expectation;
	switch (comparison) {
		case '<=':
			return actual > limit ? 'failed' : 'open';
		case '<':
			return actual >= limit ? 'failed' : 'open';
		case '==':
			return actual > limit ? 'failed' : 'open';
		case '>=':
			return actual >= limit ? 'passed' : 'open';
		case '>':
		case '!=':
			return actual > limit ? 'passed' : 'open';
	}
}

function parseLimit(text: string): Value | undefined {
	if (text === 'true') return true;
	if (text === 'false') return false;
	const quoted = /^(['"])(.*)\1$/.exec(text);
	if (quoted !== null) return quoted[2] ?? '';
	const number = Number(text);
	return Number.isFinite(number) ? number : undefined;
}
