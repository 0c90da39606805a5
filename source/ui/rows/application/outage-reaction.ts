import type {WireReport} from '../../../drills/wire/wire-report.js';
import type {ApplicationOutage} from '../../../engine/protocol.js';
import {formatElapsed, formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {type Span, span} from '../../text/row.js';

/** Waiting time of a command, in milliseconds, from which on it is mentioned. */
export const longWaitMs = 1000;

/** The faults of an outage. */
export const outageLabel = ({faults}: ApplicationOutage): string => faults.map(printable).join(' + ');

/** The command that waited longest, if that is long. */
function waitPart({longestWaitMs}: WireReport): Span | undefined {
	if (longestWaitMs === null || longestWaitMs < longWaitMs) return undefined;
	return span(`waited up to ${formatElapsed(longestWaitMs)}`, 'warn');
}

function recoveryPart({isOver, liftedAt}: ApplicationOutage, {recoveryMs}: WireReport): Span | undefined {
	if (recoveryMs !== null)
		return span(
			recoveryMs < 1 ? 'answered again at once' : `answered again after ${formatLatency(recoveryMs)}`,
			'good',
		);
	if (isOver) return span('not answered again', 'bad');
	return liftedAt === undefined ? undefined : span('not answered again yet', 'warn');
}

/** Connections that replaced broken ones may break as well, so the total can exceed the number at the start. */
function breaks({broken, before}: WireReport['connections']): string {
	if (broken <= before) return `${formatCount(broken)} of ${formatCountOf(before, 'connection')} broke`;
	const all = formatCountOf(broken, 'connection');
	return before === 0 ? `${all} broke` : `${all} broke, with ${formatCount(before)} at the start`;
}

/** Behavior of the connections of the application. */
function connectionParts({liftedAt}: ApplicationOutage, wire: WireReport): readonly (Span | undefined)[] {
	const {connections, reconnects, notReturned, lostCommands} = wire;
	const {attempts, backOff} = reconnects;
	const isHasty = backOff === false;
	return [
		connections.broken > 0 ? span(breaks(connections), 'warn') : span('no connection broke', 'dim'),
		liftedAt !== undefined && notReturned > 0 ? span(`${formatCount(notReturned)} not back`, 'bad') : undefined,
		lostCommands > 0 ? span(`${formatCountOf(lostCommands, 'command')} lost`, 'bad') : undefined,
		attempts > 0
			? span(
					`${formatCountOf(attempts, 'attempt to connect', 'attempts to connect')}${isHasty ? ' without back-off' : ''}`,
					isHasty ? 'warn' : 'dim',
				)
			: undefined,
	];
}

const isKnown = (part: Span | undefined): part is Span => part !== undefined;

/** Behavior of the application in an ongoing outage, without the waiting times of commands. */
export const reactionSoFar = (outage: ApplicationOutage): readonly Span[] =>
	outage.wire ? connectionParts(outage, outage.wire).filter(isKnown) : [];

/** Behavior of the application in an outage, the most important first. */
export function reactionParts(outage: ApplicationOutage): readonly Span[] {
	const {wire} = outage;
	if (!wire) return [span('it had no connection', 'dim')];
	return [recoveryPart(outage, wire), waitPart(wire), ...connectionParts(outage, wire)].filter(isKnown);
}
