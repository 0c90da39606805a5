import type {ApplicationOutage} from '../../../engine/protocol.js';
import {formatElapsed, formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {type Span, span} from '../../text/row.js';

/** Milliseconds that a command waits from which on it is worth a word. */
export const longWaitMs = 1000;

/** The faults of an outage. */
export const outageLabel = ({faults}: ApplicationOutage): string => faults.map(printable).join(' + ');

/** What the application did in an outage, the most important first. */
export function reactionParts({wire, isOver, liftedAt}: ApplicationOutage): readonly Span[] {
	if (!wire) return [span('it had no connection', 'dim')];
	const {connections, reconnects, recoveryMs, notReturned, lostCommands, longestWaitMs} = wire;
	const recovery =
		recoveryMs !== null
			? span(recoveryMs < 1 ? 'answered again at once' : `answered again after ${formatLatency(recoveryMs)}`, 'good')
			: isOver
				? span('not answered again', 'bad')
				: liftedAt === undefined
					? undefined
					: span('not answered again yet', 'warn');
	const attempts = formatCountOf(reconnects.attempts, 'attempt to connect', 'attempts to connect');
	const parts = [
		recovery,
		connections.broken > 0
			? span(`${formatCount(connections.broken)} of ${formatCountOf(connections.before, 'connection')} broke`, 'warn')
			: span('no connection broke', 'dim'),
		liftedAt !== undefined && notReturned > 0 ? span(`${formatCount(notReturned)} not back`, 'bad') : undefined,
		lostCommands > 0 ? span(`${formatCountOf(lostCommands, 'command')} lost`, 'bad') : undefined,
		longestWaitMs !== null && longestWaitMs >= longWaitMs
			? span(`waited up to ${formatElapsed(longestWaitMs)}`, 'warn')
			: undefined,
		reconnects.attempts > 0
			? span(
					`${attempts}${reconnects.backOff === false ? ' without back-off' : ''}`,
					reconnects.backOff === false ? 'warn' : 'dim',
				)
			: undefined,
	];
	return parts.filter((part) => part !== undefined);
}
