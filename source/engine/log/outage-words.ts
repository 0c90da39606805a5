import type {WireReport} from '../../drills/wire/wire-report.js';
import {formatLatency} from '../../text/duration.js';
import {formatCount, formatCountOf} from '../../text/number.js';

/** An application's behavior in an outage, as one line of the log: `application: 3 of 4 connections broke …`. */
export function outageWords(wire: WireReport): string {
	const {connections, lostCommands, longestWaitMs, errors, recoveryMs} = wire;
	const codes = Object.entries(errors).map(([code, count]) => `${code} ${formatCount(count)}`);
	const parts = [
		connections.broken === 0 ? `${formatCountOf(connections.after, 'connection')}, none broke` : brokenWords(wire),
		lostCommands > 0 && `${formatCountOf(lostCommands, 'command')} lost`,
		codes.length > 0 && `errors ${codes.join(', ')}`,
		longestWaitMs !== null && `longest wait ${formatLatency(longestWaitMs)}`,
		recoveryMs !== null &&
			(recoveryMs < 1 ? 'answered again at once' : `answered again after ${formatLatency(recoveryMs)}`),
	];
	return `application: ${parts.filter((part) => part !== false).join('; ')}`;
}

function brokenWords({connections: {broken}, reconnects, notReturned}: WireReport): string {
	const {attempts, failed, backOff} = reconnects;
	const missing = notReturned === 0 ? '' : `, ${formatCount(notReturned)} not back`;
	const what = `${formatCountOf(broken, 'connection')} broke${missing}`;
	// Some clients open the new connection before they close the old one, which is then no reconnect.
	if (attempts === 0) return notReturned === 0 ? what : `${what}; no attempt to reconnect seen`;
	const pacing = backOff === null ? '' : backOff ? ', with back-off' : ', without back-off';
	return `${what}; ${formatCountOf(attempts, 'attempt')} to reconnect, ${formatCount(failed)} failed${pacing}`;
}
