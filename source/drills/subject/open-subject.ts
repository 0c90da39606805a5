import {HttpSubject} from './http-subject.js';
import {openSubjectProcess} from './process/subject-process.js';
import {rejectAfter} from './reject-after.js';
import type {OpenedSubject} from './subject.js';
import {SubjectError} from './subject-error.js';
import type {SubjectSpec} from './subject-spec.js';

/** Milliseconds in which each call must settle before the drill. */
const checkMs = 5000;

/** Opens a subject on the Redis at `url`; one behind HTTP has its own. @throws {SubjectError} */
export function openSubject(spec: SubjectSpec, url: string): Promise<OpenedSubject> {
	if (spec.kind === 'http') return Promise.resolve(new HttpSubject(spec.template));
	return openSubjectProcess({name: spec.name, path: spec.path, url});
}

/**
 * Makes one call of each kind on a separate key, so that a subject that is not a cache is reported before the drill and not by
 * its results.
 *
 * @throws {SubjectError} A call fails, does not settle in time, or `get` returns something else than what was set.
 */
export async function tryCalls(subject: OpenedSubject, name: string, key: string, ttlMs: number): Promise<void> {
	const value = {key: 0, version: 0, run: 'check', pad: ''};
	const attempt = async <T>(call: string, work: () => Promise<T>): Promise<T> => {
		const late = () => new Error(`it did not settle within ${checkMs / 1000} s`);
		try {
			return await rejectAfter(checkMs, work(), late);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			throw new SubjectError(name, `${call} failed while Redis was reachable: ${reason}`, {cause: error});
		}
	};
	await attempt('set', () => subject.set(key, value, ttlMs));
	const found = await attempt('get', () => subject.get(key));
	if (found !== undefined && !isSame(found, value))
		throw new SubjectError(
			name,
			`get returned ${described(found)} after set of an object: it must return what was set`,
		);
	if (subject.canLoad) {
		const loaded = await attempt('getOrSet', () => subject.getOrSet(key, () => value, ttlMs));
		if (!isSame(loaded, value))
			throw new SubjectError(
				name,
				`getOrSet returned ${described(loaded)}, which is neither the value set nor the value loaded`,
			);
	}
	await attempt('delete', () => subject.delete(key));
}

function isSame(found: unknown, value: {readonly run: string; readonly version: number}): boolean {
	return typeof found === 'object' && found !== null && 'run' in found && found.run === value.run && 'version' in found;
}

function described(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (Array.isArray(value)) return 'an array';
	return typeof value === 'object' ? 'another object' : `a ${typeof value}`;
}
