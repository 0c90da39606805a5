import type {DrillReport} from './drill-report.js';

/**
 * The behavior of a field's value while a drill runs:
 *
 * - `growing`: never decreases, so an expectation on it may be decided before the end
 * - `changing`: goes up and down
 * - `text`: is a string, and known from the start
 */
type FieldKind = 'growing' | 'changing' | 'text';

/**
 * The fields of a report that an expectation can refer to. `modes.…` is the number of times that mode was entered; `returned.…`
 * is measured with `--subject` only, `probe.…` with `--probe` (of several probes, the worst), and `wire.…` with an application
 * or a subject that connects to the proxy.
 */
const kinds = {
	drill: 'text',
	server: 'text',
	durationMs: 'growing',
	calls: 'growing',
	skippedCalls: 'growing',
	failedCalls: 'growing',
	hungCalls: 'growing',
	wrongReads: 'growing',
	unstoredChanges: 'growing',
	answeredBeforeFault: 'growing',
	availability: 'changing',
	'settleMs.p50': 'changing',
	'settleMs.p99': 'changing',
	'settleMs.max': 'growing',
	'faultSettleMs.p50': 'changing',
	'faultSettleMs.p99': 'changing',
	'faultSettleMs.max': 'growing',
	hitRatio: 'changing',
	recoveryMs: 'changing',
	'returned.ownProcess': 'changing',
	'returned.otherProcess': 'changing',
	'probe.availability': 'changing',
	'probe.p50Ms': 'changing',
	'probe.p99Ms': 'changing',
	'probe.recoveryMs': 'changing',
	'wire.lostCommands': 'growing',
	'wire.longestWaitMs': 'growing',
	'wire.notReturned': 'changing',
	'wire.recoveryMs': 'changing',
	'journal.max': 'growing',
	'journal.overflowed': 'growing',
	'journal.reconciled': 'growing',
	'modes.connected': 'growing',
	'modes.fallback': 'growing',
	'modes.recovering': 'growing',
	'machineLateMs.p50': 'changing',
	'machineLateMs.p99': 'changing',
	'machineLateMs.max': 'growing',
} as const satisfies Readonly<Record<string, FieldKind>>;

export type ExpectationField = keyof typeof kinds;

export const expectationFields = Object.keys(kinds) as readonly ExpectationField[];

export function isExpectationField(name: string): name is ExpectationField {
	return Object.hasOwn(kinds, name);
}

export function kindOfField(field: ExpectationField): FieldKind {
	return kinds[field];
}

/** Fields that are meaningful only with calls. */
const needCalls: ReadonlySet<string> = new Set(['failedCalls', 'hungCalls', 'wrongReads', 'availability', 'hitRatio']);

/**
 * The field's value in a report; `undefined` if nothing was measured, such as `recoveryMs` without a recovery, or
 * `faultSettleMs` without a call during a fault.
 */
export function valueOfField(report: DrillReport, field: ExpectationField): number | string | boolean | undefined {
	const [first = '', second] = field.split('.');
	if (first === 'modes') return report.modes.filter(({mode}) => mode === second).length;
	if (first === 'probe') return worstOfProbes(report, second as ProbeField);
	if (report.calls === 0 && needCalls.has(field)) return undefined;
	// A recorded time is never 0.
	if ((first === 'settleMs' || first === 'faultSettleMs') && report[first].max === 0) return undefined;
	let value: unknown = (report as Readonly<Record<string, unknown>>)[first];
	if (second !== undefined && typeof value === 'object' && value !== null)
		value = (value as Readonly<Record<string, unknown>>)[second];
	return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

type ProbeField = 'availability' | 'p50Ms' | 'p99Ms' | 'recoveryMs';

/** Undefined if one of the probes has no such value, or there is none. */
function worstOfProbes({probes = []}: DrillReport, field: ProbeField): number | undefined {
	const values = probes.flatMap((probe) => (probe.calls === 0 ? [] : [probe[field] ?? undefined]));
	const known = values.filter((value) => value !== undefined);
	if (known.length === 0 || known.length < probes.length) return undefined;
	return field === 'availability' ? Math.min(...known) : Math.max(...known);
}
