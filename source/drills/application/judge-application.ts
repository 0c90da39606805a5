import type {Drill, Expectation} from '../drill.js';
import {parseExpectation} from '../expectation.js';
import type {ExpectationField} from '../expectation-fields.js';

/**
 * Default expectations for an application, for drills without any that apply to one: it recovers by itself, with all of
 * its connections.
 */
const usualExpectations = ['wire.notReturned == 0', 'wire.recoveryMs <= 5000'];

/** The same for its pages (probes). */
const usualOfProbes = ['probe.availability >= 0.99', 'probe.recoveryMs <= 5000'];

/** The reason why an expectation is not evaluated for an application with its own traffic; undefined if it is. */
export function whyLeftOut(field: ExpectationField): string | undefined {
	if (field.startsWith('wire.') || field.startsWith('probe.')) return undefined;
	if (field === 'drill' || field === 'server' || field === 'durationMs' || field.startsWith('machineLateMs'))
		return undefined;
	return 'a drill on an application makes no calls itself';
}

/** A drill as it runs on an application: with the usual expectations if it has none on probes or the wire. */
export function onApplication(drill: Drill, {hasProbes}: {readonly hasProbes: boolean}): Drill {
	if (drill.expectations.some(({field}) => field.startsWith('wire.') || field.startsWith('probe.'))) return drill;
	const added = [...(hasProbes ? usualOfProbes : []), ...usualExpectations].map(expectationOf);
	return {...drill, expectations: [...added, ...drill.expectations]};
}

/** The plan of a drill on an application: without the expectations that are not evaluated. */
export function planOnApplication(drill: Drill, probes: {readonly hasProbes: boolean}): Drill {
	const {expectations, ...rest} = onApplication(drill, probes);
	return {...rest, expectations: expectations.filter(({field}) => whyLeftOut(field) === undefined)};
}

function expectationOf(text: string): Expectation {
	const expectation = parseExpectation(text);
	if (typeof expectation === 'string') throw new Error(expectation);
	return expectation;
}
