import type {OpenSubject, Subject} from './subject.js';

const example = 'export a function open({url, signal}) that resolves with {get, set, delete, getOrSet?, close}';

/**
 * Finds the function that opens a subject in its module: the export `open`, or the default one. In a CommonJS module both
 * are in the default export.
 *
 * @throws {TypeError} There is none.
 */
export function openerOf(module: Readonly<Record<string, unknown>>): OpenSubject {
	const fallback = module.default;
	const nested = isRecord(fallback) ? [fallback.open, fallback.default] : [];
	const found = [module.open, fallback, ...nested].find((each) => typeof each === 'function');
	if (found === undefined) throw new TypeError(`it exports no open(): ${example}`);
	return found as OpenSubject;
}

/** @throws {TypeError} The value lacks a function that a drill calls. */
export function checkSubject(value: unknown): Subject {
	if (!isRecord(value)) throw new TypeError(`its open() resolves with ${describe(value)}: ${example}`);
	const missing = ['get', 'set', 'delete'].filter((name) => typeof value[name] !== 'function');
	if (missing.length > 0) throw new TypeError(`the result of its open() has no ${missing.join(', no ')}: ${example}`);
	return value as Subject;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function describe(value: unknown): string {
	return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}
